import {readFileSync, statSync} from 'node:fs';
import * as yaml from 'yaml';
import {sanitize} from '../../text/sanitize.ts';

/** Compose must not be run on these files. The message says why, and what to do. */
export class CompositionError extends Error {
	override name = 'CompositionError';
}

// The largest Compose file of the world has some hundred kilobytes; YAML is parsed as a whole.
const maxFileBytes = 1 << 20;
/** As many files as one project may have, for a few projects. */
const maxKept = 300;

type Parsed = {version: string; documents: readonly unknown[]} | {version: string; error: CompositionError};

/** The containers are listed each few seconds, and at each event: a file that did not change is not parsed again. */
const kept = new Map<string, Parsed>();

/**
The documents of a Compose file, not to be changed: they are kept until the file changes.

@throws CompositionError where it cannot be read, is too large, or is not YAML.
*/
export function parseComposeFile(file: string): readonly unknown[] {
	const version = versionOf(file);
	const known = kept.get(file);
	const parsed = known?.version === version ? known : {version, ...parse(file)};
	kept.delete(file);
	kept.set(file, parsed);
	if (kept.size > maxKept) {
		kept.delete(kept.keys().next().value!);
	}
	if ('error' in parsed) {
		throw parsed.error;
	}
	return parsed.documents;
}

/** Whoever writes a file changes its ctime, and nobody can set that. (inode(7)) */
function versionOf(file: string): string {
	try {
		const {dev, ino, size, mtimeNs, ctimeNs} = statSync(file, {bigint: true});
		return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
	} catch (error) {
		throw unreadable(file, error as Error);
	}
}

function parse(file: string): {documents: readonly unknown[]} | {error: CompositionError} {
	try {
		const {size} = statSync(file);
		if (size > maxFileBytes) {
			throw new CompositionError(
				`${sanitize(file, 300)} has ${size} bytes, and a Compose file can have at most ${maxFileBytes}.`,
			);
		}
		const text = readFileSync(file, 'utf8');
		const documents = yaml.parseAllDocuments(text, {merge: true, uniqueKeys: false, logLevel: 'silent'});
		// An empty file is no document.
		const all = Array.isArray(documents) ? (documents as yaml.Document.Parsed[]) : [];
		return {
			documents: all.map((document) => {
				if (document.errors.length > 0) {
					throw document.errors[0]!;
				}
				// An alias that is repeated a million times ends a process that follows each one.
				return document.toJS({maxAliasCount: 1000}) as unknown;
			}),
		};
	} catch (error) {
		return {error: error instanceof CompositionError ? error : unreadable(file, error as Error)};
	}
}

const unreadable = (file: string, {message}: Error): CompositionError =>
	new CompositionError(
		`Could not read the Compose file ${sanitize(file, 300)}: ${sanitize(message, 200).replace(/[.:\s]+$/, '')}.`,
	);
