/** Deeper than anything that NATS, Docker or a health endpoint answers; every reader below copes with it. */
export const maxDepth = 64;

/** An answer that is not the JSON that was asked for. */
export class NotJson extends Error {
	override name = 'NotJson';
}

/** The answer may be JSON, and nobody wants to walk through it. */
export class TooDeep extends NotJson {
	override name = 'TooDeep';

	constructor() {
		super(`the answer is nested deeper than ${maxDepth} levels`);
	}
}

/**
The JSON of an answer, no longer and no deeper than its readers can take: what walks through 100,000 lists within each
other (an expression, `JSON.stringify`) overflows the stack, and that ends the process. The depth is counted before anything
is built. A byte order mark in front is accepted.

@param parse - What makes the value of the text; see `parseExactly`.
@throws NotJson, with a sentence that says why.
*/
export function parseBounded(
	text: string,
	{maxLength = 64 << 20, parse = JSON.parse as (text: string) => unknown} = {},
): unknown {
	if (text.length > maxLength) {
		throw new NotJson(`the answer is larger than ${maxLength >> 20} MiB`);
	}
	const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
	if (body.trim() === '') {
		throw new NotJson('the answer is empty');
	}
	if (isTooDeep(body)) {
		throw new TooDeep();
	}
	try {
		return parse(body);
	} catch {
		throw new NotJson('the answer is not JSON');
	}
}

/** As `parseBounded`; undefined if the text is not such JSON. */
export function jsonOf(text: string): unknown {
	try {
		return parseBounded(text);
	} catch {
		return undefined;
	}
}

/** Counts the brackets outside of strings. */
function isTooDeep(text: string): boolean {
	let depth = 0;
	for (let at = 0; at < text.length; at++) {
		switch (text.charCodeAt(at)) {
			case 0x22: {
				at = endOfString(text, at + 1);
				break;
			}
			case 0x5b:
			case 0x7b:
				if (++depth > maxDepth) {
					return true;
				}
				break;
			case 0x5d:
			case 0x7d:
				depth--;
				break;
		}
	}
	return false;
}

/** Where a string ends that begins before `from`; the text's end if it never does. */
function endOfString(text: string, from: number): number {
	for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
		let slashes = 0;
		while (text.charCodeAt(at - 1 - slashes) === 0x5c && at - 1 - slashes >= from) {
			slashes++;
		}
		if (slashes % 2 === 0) {
			return at;
		}
	}
	return text.length;
}
