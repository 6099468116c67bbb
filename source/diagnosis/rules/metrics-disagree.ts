import {own} from '../../state/record.ts';
import {formatBytes} from '../../text/bytes.ts';
import {formatCount} from '../../text/count.ts';
import {natsAnswers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {restartRemedy} from '../service-remedy.ts';
import {list} from '../words.ts';

/** A difference of less is what moves between two looks. */
const leastMessages = 1000;
const leastBytes = 1 << 20;
const leastShare = 0.5;

/** How long figures may differ: whoever reports them reads them at his own times. */
const provenAfterMs = 15_000;

/** A service whose metrics say something else than NATS itself: they are stale, or of something else. */
export const rule: Rule = {
	id: 'metrics-disagree',
	title: 'Metrics are at odds with NATS',
	severity: 'warning',
	section: 'Detection',
	meaning:
		'The lag or the bytes that a service reports differ by half or more from what NATS itself says: the service has stopped to read them, or reads them of something else. Alerts that rest on them are blind.',
	evidence: 'both figures',
	remedy: 'restart the service that reports them (S); believe NATS meanwhile',
	check(state, config) {
		const stream = own(state.streams, config.stream);
		const consumer = stream && own(stream.consumers, config.consumer);
		if (!natsAnswers(state) || !stream?.present) {
			return [];
		}
		return Object.values(state.metrics).flatMap(({name, service, status, lagMessages, storageBytes}) => {
			if (status === 'unreachable' || status === 'malformed') {
				return [];
			}
			const odd = [
				consumer?.present &&
					differ(lagMessages, consumer.lag, leastMessages) &&
					`lag ${formatCount(lagMessages)}, NATS says ${formatCount(consumer.lag)}`,
				differ(storageBytes, stream.bytes, leastBytes) &&
					`${formatBytes(storageBytes ?? 0)} stored, NATS says ${formatBytes(stream.bytes)}`,
			];
			return odd.every((words) => !words)
				? []
				: {
						id: `metrics-disagree:${name}`,
						severity: 'warning' as const,
						title: `The metrics of ${service ?? name} are wrong`,
						evidence: list(...odd),
						...restartRemedy(service, config, `look at ${name}`),
						afterMs: provenAfterMs,
					};
		});
	},
};

function differ(told: number | undefined, real: number, least: number): boolean {
	const gap = Math.abs((told ?? real) - real);
	return gap >= least && gap >= leastShare * Math.max(told ?? 0, real);
}
