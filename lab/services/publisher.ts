import {setTimeout as sleep} from 'node:timers/promises';
import {JSONCodec} from 'nats';
import {apiCode, describe} from './errors.ts';
import type {Link} from './link.ts';
import {number} from './settings.ts';
import {ensureStream} from './stream.ts';
import {isOn} from './switches.ts';

/** The state of a publisher, as the brain's health page shows it. */
export type Publisher = {
	health(): {
		name: 'publisher';
		status: 'healthy' | 'unhealthy';
		sent: number;
		failed: number;
		lastError: string | null;
	};
};

const FAILING_MS = 3000;
/** The size of a message while the switch `burst` is on: the stream is full within some minutes. */
const BURST_BYTES = 40_000;

/** Publishes an intent to `subject` every `everyMs` milliseconds, for good, and logs how many each 5 s. */
export function startPublisher(link: Link, subject: string, everyMs: number): Publisher {
	const codec = JSONCodec();
	const pad = 'x'.repeat(number('PAD', 200));
	const bigPad = 'x'.repeat(BURST_BYTES);
	let sent = 0;
	let failed = 0;
	let lastSent = Date.now();
	let lastError: string | null = null;
	const loop = async () => {
		await ensureStream(link);
		for (let n = 0; ; n++) {
			// it is well, and has nothing to publish
			while (isOn('silent')) {
				lastSent = Date.now();
				await sleep(100);
			}
			try {
				const {js} = await link.session();
				await js.publish(subject, codec.encode({n, at: Date.now(), pad: isOn('burst') ? bigPad : pad}));
				sent++;
				lastSent = Date.now();
				lastError = null;
				link.ok();
			} catch (error) {
				failed++;
				lastError = describe(error);
				link.fail('publish', error);
				// nobody listens on the subject: either JetStream is still starting, or the stream is gone
				if (apiCode(error) === undefined && (error as {code?: string}).code === '503')
					await ensureStream(link);
			}
			await sleep(everyMs);
		}
	};
	void loop();
	let reported = 0;
	setInterval(() => {
		link.log('info', `published ${sent - reported} intents in 5 s`, {total: sent, failed});
		reported = sent;
	}, 5000);
	return {
		health: () => ({
			name: 'publisher',
			status: Date.now() - lastSent < FAILING_MS ? 'healthy' : 'unhealthy',
			sent,
			failed,
			lastError,
		}),
	};
}
