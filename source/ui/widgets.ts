import type {SourceState} from '../state/types.ts';
import {formatAge} from '../text/duration.ts';
import {width} from '../text/fit.ts';
import {
	bold,
	cyanBold,
	dim,
	fitLine,
	green,
	type Line,
	lineWidth,
	red,
	redBold,
	type Span,
	type Style,
	span,
	yellow,
} from './line.ts';

/** How well a thing is. */
export type Tone = 'ok' | 'warn' | 'bad' | 'off';

/** The mark of a tone: it says the same as the colour, to who sees no colour. */
export function mark(tone: Tone): Span {
	switch (tone) {
		case 'ok':
			return span('●', green);
		case 'warn':
			return span('▲', yellow);
		case 'bad':
			return span('✖', redBold);
		case 'off':
			return span('○', dim);
	}
}

/** The colour of a tone, for words. */
export const toneStyle: Record<Tone, Style | undefined> = {ok: undefined, warn: yellow, bad: red, off: dim};

/** The title of a pane: its words, then a hairline to the right edge. */
export function title(words: string, columns: number, focused = false, extra: Line = []): Line {
	const head: Line = [span(words, focused ? cyanBold : bold), ...extra, span(' ')];
	const room = columns - lineWidth(head);
	return fitLine([...head, span('─'.repeat(Math.max(0, room)), dim)], columns);
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of `columns`, filled by a fraction; anything above nothing shows at least a sliver. */
export function bar(fraction: number, columns: number, style: Style): Line {
	const filled = Math.min(1, Math.max(0, Number.isFinite(fraction) ? fraction : 0)) * columns;
	const units = filled > 0 ? Math.max(1, Math.floor(filled * 8)) : 0;
	const solid = '█'.repeat(Math.floor(units / 8)) + eighths[units % 8];
	return [span(solid, style), span('░'.repeat(columns - width(solid)), dim)];
}

/** Which rows of `count` to show in `height`, so that the selected one is among them. */
export function windowOf(count: number, selected: number, height: number): {from: number; to: number} {
	const from = Math.max(0, Math.min(count - height, Math.max(0, selected) - Math.floor(height / 2)));
	return {from, to: Math.min(count, from + Math.max(0, height))};
}

/** `  3-8 of 12` where not all rows are shown. */
export function shownOf(from: number, to: number, count: number): Line {
	return to - from < count ? [span(`  ${from + 1}-${to} of ${count}`, dim)] : [];
}

/** Why a pane has nothing to show. */
export function emptyReason(name: string, source: SourceState | undefined, now: number, none: string): Line {
	if (source?.status === 'down') {
		return [
			span(`${name}: ${source.error ?? 'down'}`, red),
			span(`  since ${formatAge(now - source.since)}`, dim),
		];
	}
	return [span(source?.status === 'up' ? none : 'starting…', dim)];
}

/** How old what is shown is, where its source is down and it is older than `staleAfterMs`; else undefined. */
export function staleAge(at: number, source: SourceState | undefined, now: number): number | undefined {
	return source?.status === 'down' && now - at > staleAfterMs ? now - at : undefined;
}

/** From this age on, what a source that is down had seen is grey. */
export const staleAfterMs = 5000;
