import type {Config} from '../../config/schema.ts';
import {own} from '../../state/record.ts';
import type {DeploymentState} from '../../state/types.ts';
import {plural} from '../../text/count.ts';
import {natsAnswers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {lagSeverity} from './consumer-lag.ts';

/** The lag that a service itself reports: a second witness, also where the console can't ask NATS. */
export const rule: Rule = {
	id: 'metrics-lag',
	title: 'A service reports a lag',
	severity: 'critical',
	section: 'Detection',
	meaning:
		"A service itself reports a lag over the threshold: a second witness, also where the console can't ask NATS.",
	evidence: 'the lag as the service reports it',
	remedy: 'look at who consumes the stream',
	avoid: 'Purge: it throws away what nobody has processed yet.',
	worse: ['purge'],
	check(state, config) {
		return Object.values(state.metrics).flatMap(({name, service, status, lagMessages}) => {
			const severity = lagMessages === undefined ? undefined : lagSeverity(lagMessages, config);
			if (!severity || lagMessages === undefined || status !== 'ok') {
				return [];
			}
			return {
				id: `metrics-lag:${name}`,
				// A second witness is no worse than the first: NATS itself.
				severity: isBelieved(state, config) ? severity : 'warning',
				title: `${service ?? name} reports a lag`,
				evidence: plural(lagMessages, 'message'),
				advice: `look at who consumes ${config.stream}`,
			};
		});
	},
};

/** NATS itself does not say that nothing lags. */
function isBelieved(state: DeploymentState, config: Config): boolean {
	const consumer = own(own(state.streams, config.stream)?.consumers ?? {}, config.consumer);
	return (
		!natsAnswers(state) ||
		!consumer?.present ||
		lagSeverity(consumer.lag, config, consumer.metadata) !== undefined
	);
}
