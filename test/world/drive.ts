import {type Happened, judge, type Verified, wrongNow} from './invariants.ts';
import {type Opened, open, type Process} from './open.ts';
import {type Command, type Confirmation, type Ended, operate} from './operator.ts';
import type {Fates} from './port.ts';
import {config} from './scenes.ts';
import type {World} from './world.ts';

/** A world with those who work on it, and what is remembered of them for the invariants. */
export type Stage = {
	world: World;
	confirmations: Confirmation[];
	verified: Verified[];
	crashes: Error[];
	/** Starts a process that runs a runbook. Time must go on for it to do anything. */
	start(opened: Omit<Opened, 'config'>, command: Command): Started;
	/** The same, until it has come to its end or is dead. */
	run(opened: Omit<Opened, 'config'>, command: Command, mostMs?: number): Promise<Started>;
	/** How the invariants were broken. Asked at the end: it looks from each folder for what is unfinished. */
	broken(folders: readonly string[]): Promise<string[]>;
};

export type Started = {process: Process; ended: Ended | undefined};

/** Everything is answered, soon. */
export const kindly: Fates = () => ({kind: 'answer', ms: 2});

const mostRunMs = 3_600_000;

export function stage(world: World): Stage {
	const confirmations: Confirmation[] = [];
	const verified: Verified[] = [];
	const crashes: Error[] = [];
	const start: Stage['start'] = (opened, command) => {
		const process = open(world, {...opened, config});
		const started: Started = {process, ended: undefined};
		void operate(
			process,
			config,
			command,
			(confirmation) => void confirmations.push(confirmation),
			(event, run) => {
				// In the moment in which it says so: a moment later the next run may have begun.
				if (event.event === 'finished' && event.result === 'verified') {
					const ran = confirmations.find((one) => one.run === run)?.ran ?? [];
					verified.push({run, at: world.now(), wrong: wrongNow(world, run, ran)});
				}
			},
		).then(
			(ended) => {
				started.ended = ended;
				if (ended.kind === 'crashed') {
					crashes.push(ended.error);
				}
			},
			() => {
				// It was killed.
			},
		);
		return started;
	};
	const isOver = ({process, ended}: Started): boolean => ended !== undefined || !process.port.isAlive;
	return {
		world,
		confirmations,
		verified,
		crashes,
		start,
		async run(opened, command, mostMs = mostRunMs) {
			const started = start(opened, command);
			await world.time.run(() => isOver(started), mostMs);
			if (!isOver(started)) {
				crashes.push(new Error(`${opened.name} neither ended nor died within ${mostMs / 1000} s`));
			}
			return started;
		},
		async broken(folders) {
			const unfinished: Happened['unfinished'][number][] = [];
			for (const folder of folders) {
				const console_ = open(world, {
					name: `console of ${folder}`,
					config,
					folder,
					host: 'prod-1',
					fates: kindly,
				});
				let isRead = false;
				void console_.unfinished().then((run) => {
					unfinished.push(run);
					isRead = true;
				});
				await world.time.run(() => isRead);
			}
			return judge({world, confirmations, unfinished, verified, crashes});
		},
	};
}
