import {formatShort} from '../../text/count.ts';
import {lastLogLine} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {list} from '../words.ts';

/** A log that has said nothing for so long is quiet again. */
const freshMs = 4000;

/** A service that logs so much that nobody can read it, and that the disk and the processor feel it. */
export const rule: Rule = {
	id: 'log-flood',
	title: 'A service floods its log',
	severity: 'warning',
	section: 'Detection',
	meaning:
		'A service writes more lines a second than anybody can use. It costs the processor, fills the disk of the host, and hides what matters.',
	evidence: 'lines a second and the last line',
	remedy: 'look at what it repeats; lower its log level, restart it',
	check(state, config, now) {
		return Object.entries(state.logs.rates ?? {}).flatMap(([service, {at, perSecond}]) =>
			now - at >= freshMs || perSecond < config.thresholds.logLinesPerSecond
				? []
				: {
						id: `log-flood:${service}`,
						severity: 'warning' as const,
						title: `${service} floods its log`,
						evidence: list(`${formatShort(Math.round(perSecond))} lines/s`, lastLogLine(state, service)),
						advice: `look at what ${service} repeats`,
						afterMs: 1500,
					},
		);
	},
};
