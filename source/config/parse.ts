import type {Alias, ErrorCode, Node, Pair} from 'yaml';
import * as yaml from 'yaml';
import {ConfigError} from './error.ts';

/** The way to a value: keys and list positions from the top. */
export type ValuePath = readonly PropertyKey[];

export type ParsedFile = {
	/** What the file holds; empty for an empty file. */
	values: Record<string, unknown>;
	/** The line (from 1) of a value, or of the innermost part around it that the file has; undefined at the top. */
	lineOf(path: ValuePath): number | undefined;
};

// In our own words, because those of the library quote the text, which may be a password.
const syntax: Partial<Record<ErrorCode, string>> = {
	BAD_DQ_ESCAPE: 'a backslash in "double quotes" that YAML does not know; use single quotes',
	BAD_INDENT: 'the indentation does not fit the lines above',
	BAD_SCALAR_START: 'a value that begins with a character that YAML reserves; put it in quotes',
	BLOCK_AS_IMPLICIT_KEY:
		'the indentation does not fit the lines above, or a value that contains ": " is not in quotes',
	BLOCK_IN_FLOW: 'an indented block inside of {} or []',
	MISSING_CHAR:
		'something is missing here, such as a closing quote or bracket, a comma, or the colon of a key',
	MULTILINE_IMPLICIT_KEY: 'a key without its colon',
	MULTIPLE_DOCS: 'a second document begins here; only one is allowed',
	RESOURCE_EXHAUSTION: 'it is nested too deeply',
	TAB_AS_INDENT: 'a tab in the indentation; use spaces',
	TAG_RESOLVE_FAILED: 'a tag that is not known; put the value in quotes if it begins with "!"',
	UNEXPECTED_TOKEN: 'something that does not belong here; check the quotes and the indentation',
};

/**
The values of a YAML text (1.2, one document). This file is loaded only where there is a file to parse, so that a
start without one does not pay for the library.

@param label - How messages name the file.
@throws ConfigError with every syntax error and duplicate key, each with its line, and never with a value.
*/
export async function parseConfig(text: string, label: string): Promise<ParsedFile> {
	const lines = new yaml.LineCounter();
	const at = (offset: number): number => Math.max(1, lines.linePos(offset).line);

	const document = yaml.parseDocument(text, {lineCounter: lines, prettyErrors: false, logLevel: 'error'});
	const problems = new Map<number, string>();
	for (const {code, pos} of [...document.errors, ...document.warnings]) {
		const line = at(pos[0]);
		const words =
			code === 'DUPLICATE_KEY'
				? `the key ${keyAt(text, pos[0])}is given twice`
				: `not valid YAML: ${syntax[code] ?? 'it cannot be understood'}`;
		// One mistake makes several errors on its line; the first says what it is.
		if (!problems.has(line)) {
			problems.set(line, `${label}:${line}: ${words}.`);
		}
	}
	yaml.visit(document, {
		Alias(_, node) {
			if (!node.resolve(document)) {
				const line = at(node.range?.[0] ?? 0);
				const words = 'an alias without its anchor; put the value in quotes if it begins with "*"';
				problems.set(line, `${label}:${line}: not valid YAML: ${words}.`);
			}
		},
	});
	if (problems.size > 0) {
		throw new ConfigError([...problems].sort(([a], [b]) => a - b).map(([, problem]) => problem));
	}

	let values: unknown;
	try {
		values = document.toJS({maxAliasCount: 100});
	} catch (error) {
		throw new ConfigError(`${label}: not valid YAML: its aliases make it too large.`, {cause: error});
	}
	if (values === null || values === undefined) {
		return {values: {}, lineOf: () => undefined};
	}
	if (typeof values !== 'object' || Array.isArray(values)) {
		const got = Array.isArray(values) ? 'a list' : 'a single value';
		const line = at(document.contents?.range[0] ?? 0);
		throw new ConfigError(`${label}:${line}: expected lines of the form "key: value", got ${got}.`);
	}

	function lineOf(path: ValuePath): number | undefined {
		let node: unknown = document.contents;
		let offset: number | undefined;
		for (const segment of path) {
			const inner = yaml.isAlias(node) ? (node as Alias).resolve(document) : node;
			if (yaml.isMap(inner)) {
				const pair = (inner.items as Pair<Node, Node | null>[]).find(
					({key}) => yaml.isScalar(key) && String(key.value) === String(segment),
				);
				if (!pair) {
					break;
				}
				offset = pair.key.range?.[0];
				node = pair.value;
			} else if (yaml.isSeq(inner)) {
				node = inner.items[Number(segment)];
				if (!yaml.isNode(node)) {
					break;
				}
				offset = node.range?.[0];
			} else {
				break;
			}
		}
		return offset === undefined ? undefined : at(offset);
	}

	return {values: values as Record<string, unknown>, lineOf};
}

/** The key at an offset, in quotes and with a space after it; nothing where it does not look like one. */
function keyAt(text: string, offset: number): string {
	const key = /^["']?([\w.-]{1,60})["']?\s*:/.exec(text.slice(offset, offset + 80))?.[1];
	return key ? `"${key}" ` : '';
}
