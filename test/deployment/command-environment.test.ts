import {expect, it} from 'vitest';
import {titan} from '../../source/config/titan.ts';
import {openDeployment} from '../../source/deployment/real-deployment.ts';

it('gives a command of a runbook the named few variables, and no secret of this process', async () => {
	const {control} = openDeployment({
		config: {...titan, passEnvironment: ['DEPLOY_KEY']},
		env: {PATH: process.env['PATH'], NATS_PASSWORD: 'hunter2', PAGER_TOKEN: 'hunter2', DEPLOY_KEY: 'named'},
		docker: {endpoint: {kind: 'socket', path: '/nowhere.sock', describe: 'unix:///nowhere.sock'}} as never,
	});
	const {output} = await control!.command(['env'], {deadlineMs: 5000, signal: new AbortController().signal});
	for (const part of [
		'PATH=',
		'DEPLOY_KEY=named',
		'JETMEDIC_DEPLOYMENT=titan',
		'JETMEDIC_STREAM=TITAN_INTENTS',
	]) {
		expect(output).toContain(part);
	}
	expect(output).not.toMatch(/NATS_|PAGER_/);
});
