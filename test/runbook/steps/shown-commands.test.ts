import {execFileSync} from 'node:child_process';
import {expect, it} from 'vitest';
import {titan} from '../../../source/config/titan.ts';
import {planFacts} from '../../../source/runbook/facts.ts';
import type {Step} from '../../../source/runbook/step.ts';
import {backupStep} from '../../../source/runbook/steps/backup.ts';
import {purgeStep} from '../../../source/runbook/steps/purge.ts';
import {restartServicesStep} from '../../../source/runbook/steps/restart-services.ts';
import {startServicesStep} from '../../../source/runbook/steps/start-services.ts';
import {stopServicesStep} from '../../../source/runbook/steps/stop-services.ts';
import {waitEndpointsStep} from '../../../source/runbook/steps/wait-endpoints.ts';
import {waitRunningStep} from '../../../source/runbook/steps/wait-running.ts';
import {waitServerStep} from '../../../source/runbook/steps/wait-server.ts';
import type {ContainerFacts} from '../../../source/state/observation.ts';

const hostile = ['x; echo owned #', '--scale=titan-nats=0', "$(echo owned)'`echo owned`"];
const config = {
	...titan,
	stream: hostile[0]!,
	docker: {project: hostile[2]!},
	nats: {...titan.nats, monitor: 'http://h:8222/?a=1&echo owned'},
	health: titan.health.map((endpoint) => ({...endpoint, url: 'http://h/x?a=$(echo owned)&b'})),
};
const facts = planFacts(
	{config, records: {backups: {folderOf: (name: string) => `/back ups/${name}`}}} as never,
	hostile.map(
		(service) =>
			({service, containerName: service, status: 'running', networks: ['n']}) as unknown as ContainerFacts,
	),
	0,
);

/** What a shell makes of a line that is copied into it: the words of each command. */
function words(step: Step): string[] {
	const print = ['docker', 'nats', 'curl'].map((name) => `${name}() { printf '<%s>\\n' ${name} "$@"; }`);
	const line = step.command!(facts);
	return execFileSync('sh', ['-c', `${print.join('\n')}\n${line}`], {encoding: 'utf8'})
		.trimEnd()
		.split('\n');
}

const steps: [string, Step][] = [
	['backup', backupStep],
	['purge', purgeStep(() => 5)],
	['restart', restartServicesStep('all')],
	['start', startServicesStep([...hostile, 'made by $(echo owned)'])],
	['stop', stopServicesStep('clients')],
	['wait for the endpoints', waitEndpointsStep()],
	['wait for services', waitRunningStep('clients')],
	['wait for the server', waitServerStep()],
];

it.each(steps)('the line that is shown for %s is one command, whatever the names are', (_, step) => {
	const said = words(step);
	expect(said.filter((word) => !/^<.*>$/s.test(word))).toEqual([]);
	expect(said).not.toContain('owned');
});

it('the line has each name whole, and none as a flag', () => {
	const said = words(stopServicesStep('clients'));
	expect(said.slice(0, 6)).toEqual(['<docker>', '<compose>', '<-p>', `<${hostile[2]}>`, '<stop>', '<-->']);
	expect(said.slice(6)).toEqual(expect.arrayContaining(hostile.map((name) => `<${name}>`)));
});
