import type {Expected} from './faults-expected.ts';

/** A fault as it was seen and mended. */
export type Row = {
	name: string;
	finding?: string | undefined;
	by: Expected['by'];
	/** From the fault to the screen. */
	afterMs: number;
	key?: Expected['key'];
	isNews?: true | undefined;
	/** What the finding tells a human to do. */
	advice?: string | undefined;
	/** From the key to the verified run, the operator's confirmation included. */
	verifiedMs?: number;
	lost?: string;
};

const keys = {
	R: 'R, restart',
	P: 'P, purge',
	F: 'F, full recovery',
	S: 'S, restart the service',
	C: 'C, recreate the consumer',
} as const;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function remedyOf({key, isNews, advice}: Pick<Row, 'key' | 'isNews' | 'advice'>): string {
	if (key !== undefined) {
		return keys[key];
	}
	const words = advice === undefined ? 'a human' : `a human: ${advice}`;
	return (isNews ? `it is over, and told for some minutes; ${words}` : words).replaceAll('|', '/');
}

/** The table of `docs/faults.md`. */
export function tableOf(rows: readonly Row[]): string {
	return [
		'| fault | finding | on the screen after | told by | remedy | verified after | lost |',
		'|---|---|---|---|---|---|---|',
		...rows.map(
			({name, finding, by, afterMs, verifiedMs, lost, ...row}) =>
				`| ${[
					`\`${name}\``,
					finding === undefined ? 'none: nothing is wrong' : `\`${finding}\``,
					finding === undefined ? '' : seconds(afterMs),
					finding === undefined ? '' : typeof by === 'number' ? `must last ${by} s` : by,
					finding === undefined ? '' : remedyOf(row),
					verifiedMs === undefined ? '' : seconds(verifiedMs),
					// Where a test keeps its backups is nobody's business.
					(lost ?? '').replaceAll('|', '/').replace(/ \/\S+/g, ''),
				].join(' | ')} |`,
		),
	].join('\n');
}
