import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {availableParallelism, cpus, loadavg, release, type as system, totalmem} from 'node:os';
import {type Figure, verdict, written} from './figure.ts';
import {paceWords} from './pace.ts';

type Row = readonly [
	name: string,
	scale: string,
	value: string,
	target: string,
	verdict: string,
	note: string,
];

const HEAD: Row = ['figure', 'scale', 'value', 'target', '', 'how'];

function rows(figures: readonly Figure[]): Row[] {
	return figures.map((figure) => [
		figure.name,
		figure.scale ?? '',
		written(figure.value, figure.unit),
		figure.target === undefined ? '' : `≤ ${written(figure.target, figure.unit)}`,
		verdict(figure),
		figure.note + (figure.paceMs === undefined ? '' : paceWords(figure.paceMs)),
	]);
}

/** The figures as a table for a terminal. */
export function tableText(figures: readonly Figure[]): string {
	return columns([HEAD, ...rows(figures)])
		.map((row) => row.join('  ').trimEnd())
		.join('\n');
}

/** The figures as a page of the documentation, with what they were measured on. */
export function page(figures: readonly Figure[], seconds: number): string {
	const all = columns([HEAD, ...rows(figures)]);
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const rule = `| ${(all[0] ?? []).map((cell) => '-'.repeat(cell.length)).join(' | ')} |`;
	return [
		'# Figures',
		'',
		'Measured by `npm run bench` on the lab: five containers, a console in a terminal of 120x40. `large` adds 200',
		'streams with five consumers each. The processor time is of the console alone; the memory is what the kernel',
		'counts as resident, the pages that Node shares with other processes included.',
		'',
		line(all[0] ?? []),
		rule,
		...all.slice(1).map(line),
		'',
		...machine().map(([name, value]) => `- ${name}: ${value}`),
		`- the bench took ${Math.round(seconds / 60)} min`,
		'',
	].join('\n');
}

/** Pads the cells, so that the table can be read as it is. */
function columns(table: readonly Row[]): string[][] {
	const widths = HEAD.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
	return table.map((row) =>
		row.map((cell, column) => (column === 2 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))),
	);
}

function machine(): [string, string][] {
	const load = loadavg()
		.map((value) => value.toFixed(1))
		.join(', ');
	return [
		['date', new Date().toISOString().slice(0, 16).replace('T', ' ')],
		[
			'machine',
			`${availableParallelism()} cores (${cpus()[0]?.model.trim() || 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${system()} ${release()}`,
		],
		[
			'load at the end (1, 5, 15 min)',
			`${load}; where it is above the number of cores, the times are those of a busy machine`,
		],
		['Node', process.version],
		['Docker engine', version(['version', '-f', '{{.Server.Version}}'])],
		['Docker Compose', version(['compose', 'version', '--short'])],
		[
			'NATS server',
			version(['exec', 'titan-nats', 'nats-server', '--version']).replace('nats-server: v', ''),
		],
		['ink', dependency('ink')],
		['react', dependency('react')],
	];
}

function version(args: string[]): string {
	try {
		return execFileSync('docker', args, {encoding: 'utf8', timeout: 10_000}).trim();
	} catch {
		return 'unknown';
	}
}

function dependency(name: string): string {
	const url = new URL(`../node_modules/${name}/package.json`, import.meta.url);
	return (JSON.parse(readFileSync(url, 'utf8')) as {version: string}).version;
}
