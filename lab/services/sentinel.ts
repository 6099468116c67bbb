import {setTimeout as sleep} from 'node:timers/promises';
import type {Link} from './link.ts';
import {DURABLE, STREAM} from './settings.ts';
import {isOn} from './switches.ts';

type Figures = {lag: number; ackPending: number; bytes: number; limit: number; messages: number};

/** What no reading of the lab's stream could give. */
const WRONG: Figures = {lag: 987_654, ackPending: 4321, bytes: 1, limit: 2, messages: 0};

/** The state of the sentinel: its metrics page. */
export type Sentinel = {page(): string};

/** Reads the stream and its consumer each second, for good. */
export function startSentinel(link: Link): Sentinel {
	let figures: Figures | undefined;
	let reads = 0;
	const loop = async () => {
		for (;;) {
			while (isOn('figures-frozen')) await sleep(100);
			try {
				const {jsm} = await link.session();
				const stream = await jsm.streams.info(STREAM);
				const consumer = await jsm.consumers.info(STREAM, DURABLE);
				figures = {
					lag: consumer.num_pending,
					ackPending: consumer.num_ack_pending,
					bytes: stream.state.bytes,
					limit: stream.config.max_bytes,
					messages: stream.state.messages,
				};
				reads++;
				link.ok();
			} catch (error) {
				link.fail('read jetstream', error);
			}
			await sleep(1000);
		}
	};
	void loop();
	let reported = 0;
	setInterval(() => {
		link.log('info', `read jetstream ${reads - reported} times in 5 s`, {...figures});
		reported = reads;
	}, 5000);
	return {
		page() {
			const up = link.health().status === 'healthy';
			// figures from before an outage would pass for present ones
			return render(up, up ? (isOn('figures-wrong') ? WRONG : figures) : undefined);
		},
	};
}

/** The metrics in Prometheus' text format; figures that cannot be read are left out rather than shown as zero. */
function render(up: boolean, figures: Figures | undefined): string {
	const lines: string[] = [];
	const gauge = (name: string, help: string, value: number | undefined, labels = '') => {
		if (value === undefined) return;
		lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name}${labels} ${value}`);
	};
	const stream = `{stream="${STREAM}"}`;
	const consumer = `{stream="${STREAM}",consumer="${DURABLE}"}`;
	gauge('titan_nats_up', '1 when the sentinel reads JetStream', up ? 1 : 0);
	gauge('nats_lag_messages', 'messages waiting for the consumer', figures?.lag, consumer);
	gauge('nats_ack_pending', 'messages delivered but not acknowledged', figures?.ackPending, consumer);
	gauge('nats_storage_pressure_bytes', 'bytes held by the stream', figures?.bytes, stream);
	gauge('nats_storage_limit_bytes', 'max_bytes of the stream', figures?.limit, stream);
	gauge('nats_stream_messages', 'messages held by the stream', figures?.messages, stream);
	return `${lines.join('\n')}\n`;
}
