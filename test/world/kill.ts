import {type Stage, type Started, stage} from './drive.ts';
import type {Call, Fates} from './port.ts';
import {randomOf} from './random.ts';
import {begin, type Scene} from './scenes.ts';

/** Where a run is killed. */
export type KillPoint = {index: number; when: 'before' | 'after' | 'torn'; what: string};

const answerMs = 2;
const kindly = {kind: 'answer', ms: answerMs} as const;

/** The runbooks that are killed: every built-in one, one service, and two of an operator's own. */
export const runbooks = [
	'restart',
	'purge',
	'recover',
	'recreate',
	'service.titan-execution',
	'calm',
	'bounce',
] as const;

/** In the scenes beside the first one those are left out that differ from another one in little. */
export const runbooksIn = ({name}: Scene): readonly string[] =>
	['healthy', 'server stopped', 'stream full', 'memory stream', 'work queue'].includes(name)
		? runbooks
		: runbooks.filter((id) => id !== 'bounce' && id !== 'calm');

/** All that a run asks of the world in a scene, from its first call to its last. */
export async function callsOf(scene: Scene, runbook: string): Promise<Call[]> {
	const calls: Call[] = [];
	const {run} = stage(begin(scene, ['ana', 'bea']));
	await run(
		{
			...ana,
			fates(call) {
				calls.push(call);
				return kindly;
			},
		},
		{runbook},
	);
	return calls;
}

/** At every call: before it, after what changes something, and in each line of the journal. */
export const everywhere = (calls: readonly Call[]): KillPoint[] => calls.flatMap(pointsOf);

/**
The same once for each state that the world is killed in: between two changes only time goes by, so of the calls that
only look one is taken, and of a line the one kill that leaves half of it.
*/
export const atEachChange = (calls: readonly Call[]): KillPoint[] =>
	calls
		.filter(
			(call, index) =>
				isChange(call) || index === 0 || isChange(calls[index - 1]!) || index === calls.length - 1,
		)
		.flatMap((call) => {
			const points = pointsOf(call);
			return points.some(({when}) => when === 'torn') ? points.filter(({when}) => when === 'torn') : points;
		});

const isChange = ({changes, what}: Call): boolean => changes && what !== 'line progress';

function pointsOf({index, what, changes, to}: Call): KillPoint[] {
	const point = (when: KillPoint['when']): KillPoint => ({index, when, what});
	if (!changes) {
		return [point('before')];
	}
	return to === 'disk' && what.startsWith('line') && what !== 'line progress'
		? [point('before'), point('torn'), point('after')]
		: [point('before'), point('after')];
}

const ana = {name: 'ana', folder: 'ana', host: 'prod-1'};
/** Whoever comes next: with the same state folder or with one of his own, on the same host or on another one. */
const successors = [
	{name: 'ana2', folder: 'ana', host: 'prod-1'},
	{name: 'bea', folder: 'bea', host: 'prod-1'},
	{name: 'cem', folder: 'bea', host: 'laptop'},
];
const mostResumptions = 4;
// A dead run's heart is listened for, and an engine that was away comes back meanwhile.
const comesBackMs = 6000;

const killedAt =
	({index, when}: Pick<KillPoint, 'index' | 'when'>): Fates =>
	(call) =>
		call.index === index
			? {kind: 'kill', when: when === 'torn' && call.to !== 'disk' ? 'before' : when}
			: kindly;

/** A run is killed at a point; whoever comes next finishes it. Answers how the invariants were broken. */
export async function killed(
	scene: Scene,
	runbook: string,
	point: KillPoint,
): Promise<{broken: string[]; on: Stage}> {
	const on = stage(begin(scene, ['ana', 'bea']));
	await on.run({...ana, fates: killedAt(point)}, {runbook});
	const random = randomOf(point.index);
	// One resumption in four is killed, too.
	let kills = random.chance(0.25) ? 1 : 0;
	for (let tries = 0; tries < mostResumptions; tries++) {
		const who = successors[(point.index + tries) % successors.length]!;
		await pass(on, comesBackMs);
		const fates =
			kills > 0 ? killedAt({index: 1 + random.int(120), when: random.pick(['before', 'after'])}) : undefined;
		kills--;
		const resumed = await on.run(
			{...who, name: `${who.name}-${tries}`, fates: fates ?? (() => kindly)},
			{runbook: 'resume'},
		);
		if (isDone(resumed)) {
			break;
		}
	}
	await pass(on, comesBackMs);
	return {broken: await on.broken(['ana', 'bea']), on};
}

const pass = async ({world}: Stage, ms: number): Promise<void> => {
	let isOver = false;
	world.time.after(ms, () => {
		isOver = true;
	});
	await world.time.run(() => isOver);
};

/** It came to its end, or there was nothing to finish. */
const isDone = ({ended}: Started): boolean =>
	ended?.kind === 'ended' || (ended?.kind === 'refused' && /no unfinished run/.test(ended.why));
