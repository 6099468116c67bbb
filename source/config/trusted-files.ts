import {resolve} from 'node:path';
import type {Problem} from './explain.ts';
import type {ValuePath} from './parse.ts';
import type {Config} from './schema.ts';
import {whyUntrusted} from './trust-way.ts';

/**
The files of a configuration that others can change and that jetmedic runs, or believes: programs, credentials, and the
certificate that a server is known by. A program without a slash is looked for in PATH, as everywhere.

@param config - With its paths whole.
@param cwd - Where the command of a runbook is run, absolute.
*/
export function untrustedFiles(config: Config, cwd: string): Problem[] {
	return [...programs(config), ...credentials(config)].flatMap(({path, file}): Problem[] => {
		const reason = whyUntrusted(resolve(cwd, file));
		return reason === undefined ? [] : [{path, text: reason}];
	});
}

type Named = {path: ValuePath; file: string};

function programs({escalation, runbooks}: Config): Named[] {
	const runs = runbooks.flatMap(({steps}, index) =>
		steps.map(({run}, at) => ({path: ['runbooks', index, 'steps', at, 'run'], file: run?.[0] ?? ''})),
	);
	return [{path: ['escalation', 'command'], file: escalation.command?.[0] ?? ''}, ...runs].filter(({file}) =>
		file.includes('/'),
	);
}

function credentials({nats}: Config): Named[] {
	const {system, tls} = nats;
	return [
		{path: ['nats', 'creds'], file: nats.creds},
		{path: ['nats', 'nkey'], file: nats.nkey},
		{path: ['nats', 'system', 'creds'], file: system?.creds},
		{path: ['nats', 'system', 'nkey'], file: system?.nkey},
		{path: ['nats', 'tls', 'ca'], file: tls?.ca},
		{path: ['nats', 'tls', 'cert'], file: tls?.cert},
		{path: ['nats', 'tls', 'key'], file: tls?.key},
	].flatMap(({path, file}) => (file === undefined ? [] : [{path, file}]));
}
