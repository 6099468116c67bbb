import {readFileSync} from 'node:fs';

type Calls = {docker: string[]; nats: string[]};

/** The uses in the order of the table, with the words at their head. */
const uses = {
	watch: 'watch, check',
	backup: 'backup',
	restart: 'R',
	purge: 'P',
	recover: 'F',
	recreate: 'C',
	service: 'S',
	sometimes: 'sometimes',
} as const;

/** The part of docs/security.md that lists the calls to Docker and NATS, from docs/needed.json. */
export function neededSection(): string {
	const needed = JSON.parse(readFileSync(new URL('../docs/needed.json', import.meta.url), 'utf8')) as Record<
		keyof typeof uses,
		Calls
	>;
	const names = Object.keys(uses) as (keyof typeof uses)[];
	const table = (kind: keyof Calls): string[] => {
		const calls = [...new Set(names.flatMap((name) => needed[name][kind]))];
		return [
			`| call | ${names.map((name) => uses[name]).join(' | ')} |`,
			`|---|${names.map(() => '---').join('|')}|`,
			...calls.map(
				(call) =>
					`| \`${call}\` | ${names.map((name) => (needed[name][kind].includes(call) ? 'x' : '')).join(' | ')} |`,
			),
		];
	};
	const subjects = (names: readonly (keyof typeof uses)[], isSubscription: boolean): string =>
		[...new Set(names.flatMap((name) => needed[name].nats))]
			.filter((call) => call.startsWith('subscribe ') === isSubscription)
			.map((call) => `"${call.replace('subscribe ', '').replaceAll(/\{(stream|consumer)\}/g, '*')}"`)
			.join(', ');
	const permissions = (names: readonly (keyof typeof uses)[]): string[] => [
		'```',
		'permissions: {',
		`  publish: {allow: [${subjects(names, false)}]}`,
		`  subscribe: {allow: [${subjects(names, true)}]}`,
		'}',
		'```',
	];
	return [
		'### Docker',
		'',
		...table('docker'),
		'',
		'### NATS',
		'',
		...table('nats'),
		'',
		'A user who only watches:',
		'',
		...permissions(['watch']),
		'',
		'A user who runs every runbook:',
		'',
		...permissions(names),
	].join('\n');
}
