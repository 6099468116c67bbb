import {expect} from 'vitest';
import {until} from '../until.ts';
import {container, figures, health} from './symptoms.ts';

/** Seen from outside, without asking the lab: all is well and messages flow from end to end. */
export async function expectWell(servers: readonly string[]): Promise<void> {
	for (const [index] of servers.entries()) expect((await health.nats(8222 + index)).status).toBe(200);
	expect((await health.brain()).status).toBe(200);
	expect((await health.execution()).status).toBe(200);
	expect((await health.metrics()).text).toMatch(/^nats_lag_messages\{.*\} \d+$/m);
	for (const name of [...servers, 'titan-brain', 'titan-execution']) {
		expect((await container(name)).State.Health?.Status, name).toBe('healthy');
	}
	const {stream, consumer} = await figures();
	expect(stream.state.bytes).toBeLessThan(stream.config.max_bytes / 2);
	expect(stream.state.num_deleted ?? 0).toBe(0);
	expect(stream.cluster?.replicas ?? []).toHaveLength(servers.length - 1);
	expect(consumer.num_ack_pending).toBeLessThan(100);
	expect(consumer.config.max_deliver).toBe(-1);
	const floor = consumer.ack_floor.stream_seq;
	await until(
		'the ack floor moves',
		async () => (await figures()).consumer.ack_floor.stream_seq > floor,
		5000,
	);
}
