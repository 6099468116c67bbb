import {readContext} from '../../source/commands/context.ts';
import {titan} from '../../source/config/titan.ts';
import {keepsContract} from '../world/contract.ts';
import {withNats} from './scene.ts';

// The same calls and the same answers as in the world of the unit tests: so that cannot drift from the truth.
keepsContract(async (work) => {
	const {deployment} = readContext(titan, process.env, new AbortController().signal);
	const drop = (): Promise<unknown> =>
		withNats((_nc, jsm) => jsm.streams.delete('CONTRACT')).catch(() => undefined);
	await drop();
	try {
		await work({
			deployment: {...deployment, control: deployment.control!},
			go: (asked) => asked,
			publish: (stream, count) =>
				withNats(async (nc, jsm) => {
					const {last_seq: last} = (await jsm.streams.info(stream)).state;
					for (let sequence = last + 1; sequence <= last + count; sequence++) {
						await nc.jetstream().publish(`contract.${sequence % 4}`, Buffer.from('x'));
					}
				}),
			acknowledge: (stream, consumer, count) =>
				withNats(async (nc) => {
					const from = await nc.jetstream().consumers.get(stream, consumer);
					for (let taken = 0; taken < count; taken++) {
						await (await from.next())!.ackAck();
					}
				}),
		});
	} finally {
		await drop();
	}
});
