import {own} from '../../state/record.ts';
import {maxMatches} from '../../state/reduce-logs.ts';
import type {DeploymentState} from '../../state/types.ts';
import {formatCount, plural} from '../../text/count.ts';
import {quote} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {list} from '../words.ts';

const countedMs = 60_000;

/** Lines of a fault that is over stay in the last minute for a minute: without a new one it is over. */
const quietMs = 15_000;

/** For how long a service must have been watched before it is known what is usual there. */
const knownAfterMinutes = 60;

/** So many times what is usual is unusual. */
const timesUsual = 3;

/** A line that the runbook names comes again and again. */
export const rule: Rule = {
	id: 'log-signature',
	title: 'A log repeats an error',
	severity: 'warning',
	section: 'Detection',
	meaning:
		"A line that the configuration names comes again and again in a service's log, at least three times as often as is usual there, where the console has watched it for an hour.",
	evidence: 'how often in the last minute, how often is usual, and the first line',
	remedy: 'read the log; where its cause is known the finding is folded under it',
	check(state, config, now) {
		const since = Math.max(now - countedMs, mendedAt(state));
		return config.logs.services.flatMap((service) =>
			Object.entries(own(state.logs.matches, service) ?? {}).flatMap(([signature, times]) => {
				const recent = times.filter((at) => at > since);
				const newest = recent.at(-1);
				const usual = usualOf(state, service, signature);
				const loud = Math.max(config.thresholds.signatureMatchesPerMinute, timesUsual * usual);
				// Of a flood no more are kept: that is loud, whatever is usual.
				const isLoud = recent.length >= Math.min(loud, maxMatches);
				if (newest === undefined || !isLoud || newest < now - quietMs) {
					return [];
				}
				return {
					id: `log-signature:${service}/${signature}`,
					severity: 'warning' as const,
					title: `${service} logs "${signature}"`,
					evidence: list(
						`${plural(recent.length, 'time')} in the last minute`,
						usual >= 1 && `usual ${formatCount(usual)}`,
						firstLine(state, service, signature, since),
					),
					advice: `read the log of ${service}`,
				};
			}),
		);
	},
};

/** How often a minute the signature comes as a rule; 0 while that is not known. */
function usualOf({logs}: DeploymentState, service: string, signature: string): number {
	const known = own(logs.usual ?? {}, service);
	return known && known.minutes >= knownAfterMinutes ? (own(known.perMinute, signature) ?? 0) : 0;
}

/** The first of the lines that are counted, while it is kept. */
function firstLine(
	{logs}: DeploymentState,
	service: string,
	signature: string,
	since: number,
): string | undefined {
	const line = logs.lines.find(
		(candidate) =>
			candidate.service === service && candidate.at > since && candidate.matches.includes(signature),
	);
	return line && `first: ${quote(line.text)}`;
}

/** When a run proved that the deployment is well: lines from before tell of what it mended. */
const mendedAt = ({run}: DeploymentState): number => (run?.result === 'verified' ? (run.endedAt ?? 0) : 0);
