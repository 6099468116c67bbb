import type {Expected} from './faults-expected.ts';

/** A fault as it was seen and mended. */
export type Row = {
	name: string;
	finding?: string | undefined;
	by: Expected['by'];
	/** From the fault to the screen. */
	afterMs: number;
	key?: Expected['key'];
	/** From the key to the verified run, the operator's confirmation included. */
	verifiedMs?: number;
	lost?: string;
};

const keys = {R: 'R, restart', P: 'P, purge', F: 'F, full recovery', S: 'S, restart the service'} as const;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The table of `docs/faults.md`. */
export function tableOf(rows: readonly Row[]): string {
	return [
		'| fault | finding | on the screen after | told by | remedy | verified after | lost |',
		'|---|---|---|---|---|---|---|',
		...rows.map(
			({name, finding, by, afterMs, key, verifiedMs, lost}) =>
				`| ${[
					`\`${name}\``,
					finding === undefined ? 'none: nothing is wrong' : `\`${finding}\``,
					finding === undefined ? '' : seconds(afterMs),
					finding === undefined ? '' : typeof by === 'number' ? `must last ${by} s` : by,
					finding === undefined ? '' : key === undefined ? 'a human, by its words' : keys[key],
					verifiedMs === undefined ? '' : seconds(verifiedMs),
					(lost ?? '').replaceAll('|', '/'),
				].join(' | ')} |`,
		),
	].join('\n');
}
