import {own} from '../../state/record.ts';
import {formatAge} from '../../text/duration.ts';
import {natsAnswers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {restartRemedy} from '../service-remedy.ts';
import {list} from '../words.ts';

/** How long the figures may stand still: exporters read at their own times, up to each half minute. */
const stillForMs = 45_000;

/** So much of that time the stream must have moved. */
const movedForMs = 30_000;

/** Metrics that stand still while the stream that they tell of moves on. */
export const rule: Rule = {
	id: 'metrics-stale',
	title: 'Metrics stand still',
	severity: 'warning',
	section: 'Detection',
	meaning:
		'The bytes that a service reports have not changed for a while, although messages came to the stream all the time: the service has stopped to read them, and alerts that rest on them are blind.',
	evidence: 'for how long they have stood still',
	remedy: 'restart the service that reports them (S); believe NATS meanwhile',
	check(state, config) {
		const stream = own(state.streams, config.stream);
		const {movedAt} = stream ?? {};
		if (!natsAnswers(state) || !stream?.present || movedAt === undefined) {
			return [];
		}
		return Object.values(state.metrics).flatMap(({name, service, status, at, storageBytes, valueSince}) => {
			const isStill =
				status === 'ok' &&
				storageBytes !== undefined &&
				storageBytes !== stream.bytes &&
				at - valueSince >= stillForMs &&
				movedAt - valueSince >= movedForMs;
			return isStill
				? {
						id: `metrics-stale:${name}`,
						severity: 'warning' as const,
						title: `The metrics of ${service ?? name} stand still`,
						evidence: list(`for ${formatAge(at - valueSince)}`, `while ${stream.name} moves on`),
						...restartRemedy(service, config, `look at ${name}`),
						beganAt: valueSince,
					}
				: [];
		});
	},
};
