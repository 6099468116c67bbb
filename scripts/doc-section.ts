import {readFileSync, writeFileSync} from 'node:fs';

/**
Replaces a part of a page that a program writes: what stands between `<!-- name -->` and `<!-- /name -->`, each on a line
of its own. @throws where the page has no such part.
*/
export function writeSection(path: string, name: string, text: string): void {
	const page = readFileSync(path, 'utf8');
	const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->\n`];
	const [before, rest] = split(page, begin, path);
	const [, after] = split(rest, end, path);
	writeFileSync(path, `${before}${begin}${text.trimEnd()}\n${end}${after}`);
}

function split(text: string, mark: string, path: string): [string, string] {
	const at = text.indexOf(mark);
	if (at < 0) {
		throw new Error(`${path} has no line "${mark.trim()}".`);
	}
	return [text.slice(0, at), text.slice(at + mark.length)];
}
