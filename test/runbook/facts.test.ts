import {expect, it} from 'vitest';
import {titan} from '../../source/config/titan.ts';
import type {ReadContext} from '../../source/runbook/context.ts';
import {planFacts} from '../../source/runbook/facts.ts';
import {servicesOf} from '../../source/runbook/step.ts';
import {stopServicesStep} from '../../source/runbook/steps/stop-services.ts';
import {natsUsers} from '../../source/state/nats-users.ts';
import {container} from '../state/fixture.ts';

const records = {backups: {folderOf: (name: string) => name}} as unknown as ReadContext['records'];

it('a NATS server of the project is never a client, whether the configuration names it or not', () => {
	const services = [
		container('titan-nats', {natsServer: true}),
		container('titan-nats-2', {natsServer: true}),
		container('titan-brain'),
	];
	const facts = planFacts({config: {...titan, health: [], metrics: []}, records}, services, 0);
	expect(servicesOf('clients', facts)).toEqual(['titan-brain']);
	expect(stopServicesStep('clients').describe(facts)).toBe(
		'titan-brain; leaves alone titan-nats-2: NATS servers that the configuration does not name',
	);
	expect(stopServicesStep('clients').command?.(facts)).not.toMatch(/titan-nats-2/);
	expect(servicesOf('all', facts)).toContain('titan-nats-2');
});

it('a full recovery leaves alone what is not connected to NATS, and says so', () => {
	const services = [
		container('titan-nats', {natsServer: true}),
		container('titan-brain', {addresses: ['172.18.0.3']}),
		container('postgres', {addresses: ['172.18.0.4'], dependsOn: []}),
	];
	const given = {config: {...titan, health: [], metrics: []}, records};
	const read = {
		connections: [{ip: '172.18.0.3', name: '', lang: 'go', account: ''}],
		peers: [],
		isWhole: true,
	};
	const known = planFacts(given, services, 0, natsUsers(services, given.config, read));
	expect(servicesOf('clients', known)).toEqual(['titan-brain']);
	expect(stopServicesStep('clients').describe(known)).toBe(
		'titan-brain; leaves alone postgres: not connected to NATS',
	);
	// Who comes through a port of the host may be any of them.
	const behind = services.map((each) => ({...each, gateways: ['172.18.0.1']}));
	const other = {ip: '172.18.0.1', name: 'app', lang: 'go', account: ''};
	const elsewhere = {...other, ip: '10.1.2.3'};
	const withOthers = {...read, connections: [...read.connections, other, elsewhere]};
	const unsure = planFacts(given, behind, 0, natsUsers(behind, given.config, withOthers));
	expect(stopServicesStep('clients').describe(unsure)).toBe(
		'titan-brain, postgres; 1 connection comes from no container of the project; 1 connection comes through a port of the host, and nothing says whose: all services but the servers are stopped',
	);
	// Where the server does not say who is connected, a producer must not go on unseen.
	const unknown = planFacts(given, services, 0, natsUsers(services, given.config, undefined));
	expect(servicesOf('clients', unknown)).toEqual(['titan-brain', 'postgres']);
});
