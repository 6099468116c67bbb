import type {Key} from 'ink';

const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

const named: [keyof Key, string][] = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pageup'],
	['pageDown', 'pagedown'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['backspace', 'backspace'],
	['delete', 'backspace'],
];

const controls: Record<string, string> = {
	'\r': 'enter',
	'\n': 'enter',
	'\t': 'tab',
	'\b': 'backspace',
	'\u007F': 'backspace',
	'\u001B': 'esc',
	'\u0003': 'ctrl-c',
	' ': 'space',
};

/**
The keys of one input event, by name or by the character itself. Over a slow link several keys arrive at once
(`jk` is two keys), and Esc with the key after it arrives as meta and that key.
*/
export function splitKeys(input: string, key: Partial<Key>): string[] {
	if (key.eventType === 'release') {
		return [];
	}
	if (key.escape) {
		return ['esc'];
	}
	if (key.tab) {
		return [key.shift ? 'shift-tab' : 'tab'];
	}
	for (const [flag, name] of named) {
		if (key[flag]) {
			return [name];
		}
	}
	if (key.ctrl) {
		return input === '' ? [] : [`ctrl-${input}`];
	}
	const keys = [...graphemes.segment(input)].flatMap(({segment}) => keyOf(segment));
	return key.meta ? ['esc', ...keys] : keys;
}

function keyOf(segment: string): string[] {
	// A grapheme may be `\r\n`.
	const name = controls[segment] ?? controls[segment[0] ?? ''];
	if (name) {
		return [name];
	}
	return (segment.codePointAt(0) ?? 0) < 32 ? [] : [segment];
}

/** The character that a key types, where it types one. */
export function typedBy(key: string): string | undefined {
	if (key === 'space') {
		return ' ';
	}
	return [...graphemes.segment(key)].length === 1 ? key : undefined;
}
