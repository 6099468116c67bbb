import {expect, test} from 'vitest';
import {reattachCommand} from '../../source/state/reattach.ts';
import {container} from './fixture.ts';

const cutOff = container('titan-nats', {containerName: 'titan-titan-nats-1', networks: []});

test('names the container and the network that the others are in', () => {
	const agent = container('agent', {networks: ['host']});
	const sidecar = container('sidecar', {networks: ['container:4f1c']});
	expect(reattachCommand(cutOff, [cutOff, container('titan-brain'), agent, sidecar])).toBe(
		'docker network connect --alias titan-nats titan_default titan-titan-nats-1',
	);
});

test('leaves the network to the operator where the others are in several, or in no one', () => {
	const command = 'docker network connect --alias titan-nats NETWORK titan-titan-nats-1';
	expect(reattachCommand(cutOff, [container('a'), container('b', {networks: ['back']})])).toBe(command);
	expect(reattachCommand(cutOff, [])).toBe(command);
});

test('knows a replica by the name of its service, and can be copied whatever somebody chose', () => {
	const odd = container('nats-2', {composeService: 'nats', containerName: 'a b', networks: []});
	expect(reattachCommand(odd, [])).toBe("docker network connect --alias nats NETWORK 'a b'");
});
