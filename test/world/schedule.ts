import {letActorsLoose} from './actors.ts';
import {type Stage, stage} from './drive.ts';
import {runbooks} from './kill.ts';
import type {Fate, Fates} from './port.ts';
import {type Random, randomOf} from './random.ts';
import {begin, type Scene, scenes} from './scenes.ts';

/** How rough a way to the world is: shares of a thousand calls. */
type Way = {late: number; refused: number; lost: number; kill: number};

const ways: readonly Way[] = [
	{late: 0, refused: 0, lost: 0, kill: 0},
	{late: 10, refused: 2, lost: 2, kill: 4},
	{late: 30, refused: 15, lost: 15, kill: 8},
];

/** Two operators, somebody else, and a way to the world that loses answers and kills: what a seed makes of it. */
export async function playSchedule(seed: number): Promise<{broken: string[]; on: Stage; calls: number}> {
	const random = randomOf(seed);
	const on = stage(begin(sceneOf(random), ['ana', 'bea']));
	const {world} = on;
	letActorsLoose(world, random.int(2 ** 31), random.int(4), 15_000);
	const isShared = random.chance(0.5);
	const operators = [
		{name: 'ana', folder: 'ana', host: 'prod-1'},
		{name: 'bea', folder: isShared ? 'ana' : 'bea', host: random.pick(['prod-1', 'laptop'])},
	];
	let left = 0;
	for (const operator of operators) {
		left++;
		const fates = fatesOf(randomOf(random.int(2 ** 31)), random.pick(ways));
		const runbook = random.pick(runbooks);
		const backup = random.chance(0.8);
		const abort = new AbortController();
		const aborts = random.chance(0.1) ? random.int(8000) : undefined;
		const freezes = random.chance(0.05) ? {at: random.int(4000), ms: random.int(25_000)} : undefined;
		world.time.after(random.int(4000), () => {
			const started = on.start({...operator, fates}, {runbook, backup, signal: abort.signal});
			const {port} = started.process;
			if (aborts !== undefined) {
				port.later(aborts, () => {
					world.tell(operator.name, 'aborts');
					abort.abort(new Error('by the operator'));
				});
			}
			if (freezes) {
				port.later(freezes.at, () => port.freeze(freezes.ms));
			}
			watchEnd(() => started.ended !== undefined || !port.isAlive);
		});
	}
	await world.time.run(() => left === 0);
	await finish(on, random);
	return {
		broken: await on.broken(['ana', 'bea']),
		on,
		calls: world.ports.reduce((sum, {calls}) => sum + calls, 0),
	};

	function watchEnd(isOver: () => boolean): void {
		if (isOver()) {
			left--;
		} else {
			world.time.after(250, () => watchEnd(isOver));
		}
	}
}

/** Half of them begin well: what goes wrong then is the doing of those who work on it. */
const sceneOf = (random: Random): Scene => (random.chance(0.5) ? scenes[0]! : random.pick(scenes));

function fatesOf(random: Random, {late, refused, lost, kill}: Way): Fates {
	return ({changes, what}): Fate => {
		const ms = 1 + random.int(12);
		// What becomes of a purge matters most, and there is one in hundreds of calls.
		const drawn = random.int(what.startsWith('purge') && random.chance(0.7) ? 50 : 1000);
		if (drawn < kill) {
			const when = changes ? random.pick(['before', 'after', 'torn'] as const) : 'before';
			return {kind: 'kill', when: when === 'torn' && !what.startsWith('line') ? 'after' : when};
		}
		if (drawn < kill + refused) {
			return {kind: 'refused', ms};
		}
		if (drawn < kill + refused + lost) {
			return {kind: 'lost', ms: ms + random.int(3000)};
		}
		return {kind: 'answer', ms: drawn < kill + refused + lost + late ? ms + random.int(4000) : ms};
	};
}

const mostResumptions = 4;

/** Whoever finds the deployment afterwards finishes what is unfinished. */
async function finish(on: Stage, random: Random): Promise<void> {
	for (let tries = 0; tries < mostResumptions; tries++) {
		const folder = random.pick(['ana', 'bea']);
		await pass(on, 12_000);
		const {ended} = await on.run(
			{
				name: `${folder}-${tries}`,
				folder,
				host: folder === 'ana' ? 'prod-1' : 'laptop',
				fates: () => ({kind: 'answer', ms: 2}),
			},
			{runbook: 'resume'},
		);
		if (ended?.kind === 'ended') {
			break;
		}
	}
}

async function pass({world}: Stage, ms: number): Promise<void> {
	let isOver = false;
	world.time.after(ms, () => {
		isOver = true;
	});
	await world.time.run(() => isOver);
}
