import {isCluster} from '../../config/nodes.ts';
import type {Config} from '../../config/schema.ts';
import {own} from '../../state/record.ts';
import type {DeploymentState} from '../../state/types.ts';
import {formatAge} from '../../text/duration.ts';
import type {Symptom} from '../finding.ts';
import {isAble, lookAtNodes} from '../nodes.ts';
import {graceMs, noAnswer, staleMs} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {splitId} from '../symptom-id.ts';
import {list} from '../words.ts';

/** A source that does not work: what depends on it is unknown, and unknown is not healthy. */
export const rule: Rule = {
	id: 'source-unknown',
	title: 'A source does not work',
	severity: 'unknown',
	section: 'Detection',
	meaning:
		"A source of the console's own does not work. What depends on it is unknown, and unknown is not healthy.",
	evidence: 'for how long, and the error',
	remedy: 'mend what the error names',
	avoid: 'Take what is grey on the screen for the present: it is as it was when it was last seen.',
	check(state, config, now) {
		return [...silent(state, config, now), ...stale(state, now)];
	},
};

function silent(state: DeploymentState, config: Config, now: number): Symptom[] {
	return Object.entries(state.sources).flatMap(([source, {status, since, error}]) => {
		// A log that nobody follows yet is nothing that anybody misses.
		const isAway = status === 'down' || (status === 'starting' && !source.startsWith('logs:'));
		// Who is refused is refused by no chance.
		const isYoung =
			now - since < graceMs &&
			!state.isOver &&
			error !== noAnswer &&
			!/refuses these credentials/.test(error ?? '');
		if (!isAway || isYoung || isTold(source, state, config, now)) {
			return [];
		}
		return symptom(
			source,
			since,
			now,
			error ?? (status === 'starting' ? 'no answer yet' : undefined),
			source === 'nats' ? `${config.stream} and ${config.consumer} among them` : undefined,
		);
	});
}

/** A poll that hangs says nothing, not even that it is down; its figures only grow old. */
function stale(state: DeploymentState, now: number): Symptom[] {
	const {streamsAt} = state;
	const {connection, healthz} = state.nats;
	const polls = [
		{source: 'nats', at: connection.status === 'connected' ? streamsAt : undefined},
		{source: 'monitor', at: healthz?.at},
	];
	return polls.flatMap(({source, at}) => {
		const isSaidToBeUp = own(state.sources, source)?.status === 'up';
		return at === undefined || !isSaidToBeUp || now - at < staleMs
			? []
			: symptom(source, at, now, 'no new figures');
	});
}

function symptom(
	source: string,
	since: number,
	now: number,
	error: string | undefined,
	among?: string,
): Symptom {
	return {
		id: `source-unknown:${source}`,
		severity: 'unknown',
		title: `${subject(source)} unknown`,
		evidence: list(
			error !== noAnswer && now - since >= 1000 && `for ${formatAge(now - since)}`,
			error,
			among,
		),
		beganAt: since,
	};
}

/** Whether another rule tells the same in better words. */
function isTold(source: string, state: DeploymentState, config: Config, now: number): boolean {
	const {rule: kind, subject: name} = splitId(source);
	switch (kind) {
		case 'docker':
			return own(state.sources, source)?.status === 'down';
		case 'records':
			return true;
		case 'monitor':
			return isCluster(config) && isNodeTold(config.nats.service, state, config, now);
		case 'node':
			// The first server's is the monitor.
			return name === config.nats.service || isNodeTold(name, state, config, now);
		case 'health':
			return /unreachable|malformed/.test(own(state.health, name)?.status ?? '');
		case 'metrics':
			return /unreachable|malformed/.test(own(state.metrics, name)?.status ?? '');
		default:
			return false;
	}
}

/** Of a server that is away node-down tells. */
const isNodeTold = (service: string, state: DeploymentState, config: Config, now: number): boolean =>
	lookAtNodes(state, config, now).some((node) => node.service === service && !isAble(node));

function subject(source: string): string {
	const {rule: kind, subject: name} = splitId(source);
	switch (kind) {
		case 'docker':
			return 'Containers are';
		case 'nats':
			return 'Streams and consumers are';
		case 'monitor':
			return "The server's health is";
		case 'node':
			return `The health of ${name} is`;
		case 'system':
			return 'The other servers of the cluster are';
		case 'health':
			return `The health of ${name} is`;
		case 'metrics':
			return `The metrics of ${name} are`;
		case 'logs':
			return `The log of ${name} is`;
		default:
			return `What ${source} tells is`;
	}
}
