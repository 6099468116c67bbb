import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Change, Mutant} from './mutant.ts';

/** The code is no longer what the table says. */
export class StaleError extends Error {
	override name = 'StaleError';
}

/** A text with the change made. @throws StaleError where what is to be taken out does not stand there exactly once. */
export function changed(text: string, {file, find, put}: Change): string {
	const count = text.split(find).length - 1;
	if (count !== 1) {
		const where = count === 0 ? 'is not' : `stands ${count} times`;
		throw new StaleError(`${JSON.stringify(find)} ${where} in ${file}: write the mutant anew.`);
	}
	// Not as a pattern: "$&" in code is no reference.
	return text.replace(find, () => put);
}

/** The files of a mutant below a folder, before and after its changes. @throws StaleError */
export function filesOf({changes}: Mutant, folder: string): {path: string; before: string; after: string}[] {
	const files = new Map<string, {before: string; after: string}>();
	for (const change of changes) {
		const before = files.get(change.file)?.before ?? read(folder, change.file);
		files.set(change.file, {before, after: changed(files.get(change.file)?.after ?? before, change)});
	}
	return [...files].map(([file, texts]) => ({path: join(folder, file), ...texts}));
}

/** Makes the changes of a mutant. Answers what takes them back. @throws StaleError */
export function apply(mutant: Mutant, folder: string): () => void {
	const files = filesOf(mutant, folder);
	for (const {path, after} of files) {
		writeFileSync(path, after);
	}
	return () => {
		for (const {path, before} of files) {
			writeFileSync(path, before);
		}
	};
}

function read(folder: string, file: string): string {
	try {
		return readFileSync(join(folder, file), 'utf8');
	} catch {
		throw new StaleError(`There is no ${file}: write the mutant anew.`);
	}
}
