import {formatCount} from '../text/count.ts';
import {type Conflict, type NodeState, type NodeStream, replicaLagMost} from './cluster.ts';

type Found = Omit<Conflict, 'since' | 'at'> & {key: string};
type Viewed = NodeState & {view: NonNullable<NodeState['view']>};

/** How old a view may be for it to be compared with another one. */
const comparedMs = 10_000;

// Servers find each other about a second after they start, and a view is up to three seconds old.
const routesAfterMs = 5000;

/** Many streams that differ are one fault. */
const maxStreams = 50;

/**
What the servers of a cluster tell differently, by their views of one moment. One look says little: a leader may
have changed between two of them. What stays is a fault.

@param at - The time of the newest view.
*/
export function findConflicts(nodes: readonly NodeState[], at: number): Found[] {
	const seen = nodes.filter(
		(node): node is Viewed =>
			node.status !== 'unreachable' && node.view !== undefined && at - node.view.at < comparedMs,
	);
	const names = differing(seen, ({view}) => view.clusterName);
	return seen.length < 2
		? []
		: [
				...told('cluster-name', names, (name) => (name === '' ? 'in no cluster' : `in cluster ${name}`)),
				...told(
					'meta-leader',
					differing(seen, ({view}) => view.meta?.leader),
					(name) => `led by ${name}`,
				),
				...told(
					'peers',
					differing(seen, ({view}) => view.meta?.size),
					(size) => `${size} servers`,
				),
				...streamConflicts(seen),
				// Servers of two clusters have no route by their very nature.
				...(names.size > 1 ? [] : routes(seen, at)),
			];
}

/** Who says what, where it is not the same; nothing where a server does not say. */
function differing<T extends string | number>(
	nodes: readonly Viewed[],
	ask: (node: Viewed) => T | undefined,
): Map<T, string[]> {
	const answers = new Map<T, string[]>();
	for (const node of nodes) {
		const answer = ask(node);
		if (answer !== undefined) {
			answers.set(answer, [...(answers.get(answer) ?? []), node.service]);
		}
	}
	return answers.size > 1 ? answers : new Map();
}

function told<T>(
	kind: Conflict['kind'],
	answers: Map<T, string[]>,
	words: (answer: T) => string,
	subject?: string,
): Found[] {
	return answers.size === 0
		? []
		: [
				{
					key: subject === undefined ? kind : `${kind}:${subject}`,
					kind,
					...(subject !== undefined && {subject}),
					evidence: [...answers]
						.map(
							([answer, services]) =>
								`${services.join(' and ')} ${services.length === 1 ? 'says' : 'say'} ${words(answer)}`,
						)
						.join(', '),
				},
			];
}

function streamConflicts(nodes: readonly Viewed[]): Found[] {
	const keys = new Set(nodes.flatMap(({view}) => Object.keys(view.streams)));
	const found: Found[] = [];
	for (const key of keys) {
		const keeping = nodes.filter(({view}) => Object.hasOwn(view.streams, key));
		if (keeping.length < 2) {
			continue;
		}
		found.push(
			...told(
				'stream-leader',
				differing(keeping, ({view}) => view.streams[key]?.leader),
				(leader) => `led by ${leader}`,
				key,
			),
			...sequences(keeping, key),
		);
		if (found.length >= maxStreams) {
			break;
		}
	}
	return found;
}

/** Those that hold something else than the leader, or than the first where the leader's is not known. */
function sequences(nodes: readonly Viewed[], key: string): Found[] {
	const streamOf = ({view}: Viewed): NodeStream => view.streams[key]!;
	const first = nodes.find((node) => streamOf(node).leader === node.view.serverName) ?? nodes[0]!;
	const others = nodes.filter((node) => node !== first && !isAlike(streamOf(first), streamOf(node)));
	const words = (node: Viewed): string => {
		const {messages, lastSeq} = streamOf(node);
		return `${node.service} has ${formatCount(messages)} up to ${formatCount(lastSeq)}`;
	};
	return others.length === 0
		? []
		: [
				{
					key: `stream-sequence:${key}`,
					kind: 'stream-sequence',
					subject: key,
					evidence: [first, ...others].map(words).join(', '),
				},
			];
}

/** Whether two copies can be of one stream: each was somewhere between its last two looks, and may lag a little. */
function isAlike(a: NodeStream, b: NodeStream): boolean {
	const isApart = lowest(a) - replicaLagMost > highest(b) || lowest(b) - replicaLagMost > highest(a);
	// Where nothing moves there is nothing that could lag.
	const areStill = [a, b].every((copy) => lowest(copy) === highest(copy)) && a.lastSeq === b.lastSeq;
	return !isApart && !(areStill && Math.abs(a.messages - b.messages) > replicaLagMost);
}

const lowest = ({lastSeq, lastSeqBefore = lastSeq}: NodeStream): number => Math.min(lastSeq, lastSeqBefore);
const highest = ({lastSeq, lastSeqBefore = lastSeq}: NodeStream): number => Math.max(lastSeq, lastSeqBefore);

function routes(nodes: readonly Viewed[], at: number): Found[] {
	return nodes.flatMap((a, index) =>
		nodes.slice(index + 1).flatMap((b) => {
			const isSettled = [a, b].every(({view}) => at - view.startedAt >= routesAfterMs);
			const without = [
				...(hasRoute(a, b) ? [] : [`${a.service} to ${b.service}`]),
				...(hasRoute(b, a) ? [] : [`${b.service} to ${a.service}`]),
			];
			return !isSettled || without.length === 0
				? []
				: [
						{
							key: `route:${a.service}|${b.service}`,
							kind: 'route' as const,
							subject: `${a.service}|${b.service}`,
							evidence: `no route from ${without.join(', nor from ')}`,
						},
					];
		}),
	);
}

const hasRoute = ({view}: Viewed, {view: other}: Viewed): boolean =>
	view.routes.some((route) => route === other.serverName || route === other.serverId);
