import type {JournalEvent} from '../../source/records/event.ts';
import type {Pins} from '../../source/runbook/identity/pins.ts';
import {mostLoss} from '../../source/runbook/impact.ts';
import type {RunState} from '../../source/state/run.ts';
import type {Confirmation} from './operator.ts';
import {type Ranges, sizeOf, union, without} from './ranges.ts';
import {config, streamName} from './scenes.ts';
import type {StreamConfig} from './stream.ts';
import {type Act, epoch, type World} from './world.ts';

/** From a plan until its run begins. */
const planMs = 12_000;

/** What happened in a world, for those who judge it. */
export type Happened = {
	world: World;
	confirmations: readonly Confirmation[];
	/** What a console of each operator finds unfinished at the end. */
	unfinished: readonly (RunState | undefined)[];
	/** Runs that ended verified, with the world as it was in that moment. */
	verified: readonly Verified[];
	/** What came out of an operator's command and is no sentence for him. */
	crashes: readonly Error[];
};

/** How the world was when a run said that it was verified. */
export type Verified = {run: string; at: number; wrong: string[]};

/** A rule that holds whatever happens. Answers how it was broken, a sentence each. */
export type Invariant = {name: string; broken(happened: Happened): string[]};

const byRuns = ({acts}: World): Act[] => acts.filter(({run}) => run !== undefined);

export const invariants: readonly Invariant[] = [
	{
		name: 'what a run stopped runs again, or is named as unfinished',
		broken({world, unfinished}) {
			const left = new Set(unfinished.flatMap((run) => run?.stopped ?? []));
			return servicesLeftStopped(world)
				.filter((service) => !left.has(service))
				.map((service) => `${service} was stopped by a run, and nobody knows`);
		},
	},
	{
		name: 'a purge is sent at most once by a run',
		broken({world}) {
			const counts = new Map<string, number>();
			for (const {run} of byRuns(world).filter(({kind}) => kind === 'purge')) {
				counts.set(run!, (counts.get(run!) ?? 0) + 1);
			}
			return [...counts]
				.filter(([, count]) => count > 1)
				.map(([run, count]) => `${run} purged ${count} times`);
		},
	},
	{
		name: 'no more unprocessed messages go than were confirmed',
		broken: ({world, confirmations}) =>
			purges(world).flatMap((act) => {
				const {run, unprocessed = 0} = act;
				const late = publishedSinceLook(world, act);
				const confirmation = confirmations.find((one) => one.run === run);
				// What comes between the run's last look and the purge is no longer counted by it: `keep` is no sequence.
				const most = mostLoss(confirmation?.loss ?? 0) + late;
				return unprocessed > most
					? [`${run} took ${unprocessed} unprocessed messages, and at most ${most} were confirmed`]
					: [];
			}),
	},
	{
		name: 'nothing goes unsaved unless that was confirmed',
		broken: ({world, confirmations}) =>
			purges(world).flatMap((act) => {
				const {run, removed = [], streamCreated} = act;
				const confirmation = confirmations.find((one) => one.run === run);
				if (confirmation?.backup === false) {
					return [];
				}
				const unsaved = without(removed, savedOf(world, streamCreated));
				// What is published while the purge is on its way cannot be in a backup.
				return sizeOf(unsaved) > publishedSinceLook(world, act)
					? [`${run} took ${sizeOf(unsaved)} messages that no backup holds`]
					: [];
			}),
	},
	{
		name: 'the journal line comes before the act',
		broken: ({world}) =>
			byRuns(world)
				.filter(({isAnnounced}) => isAnnounced === false)
				.map((act) => `${act.run} did ${wordsOf(act)} before its journal said so`),
	},
	{
		name: 'nothing outside the deployment is touched',
		broken: ({world}) =>
			byRuns(world)
				.filter(
					({project, stream}) =>
						(project !== undefined && project !== world.project) ||
						(stream !== undefined && stream !== streamName),
				)
				.map((act) => `${act.run} did ${wordsOf(act)}`),
	},
	{
		name: 'nothing is touched but what was planned',
		broken: ({world, confirmations}) =>
			byRuns(world).flatMap((act) => {
				const pins = confirmations.find(({run}) => run === act.run)?.pins;
				return pins && isUnplanned(world, act, pins)
					? [`${act.run} did ${wordsOf(act)}, which is another one than in its plan`]
					: [];
			}),
	},
	{
		name: 'one run at a time acts on a deployment',
		broken: ({world}) =>
			byRuns(world)
				.filter(({isHolder}) => isHolder === false)
				.map((act) => `${act.run} did ${wordsOf(act)} while the deployment was not its own`),
	},
	{
		name: 'verified is said only of a world that is mended',
		broken: ({verified}) =>
			verified.flatMap(({run, wrong}) => wrong.map((what) => `${run} is verified, and ${what}`)),
	},
	{
		name: 'an operator gets a sentence, never a fault of the code',
		broken: ({crashes}) => crashes.map((error) => error.stack ?? error.message),
	},
];

/** What cannot be undone is done to the container, and to the stream, of the plan; or to one that the run itself has made. */
function isUnplanned(world: World, act: Act, pins: Pins): boolean {
	const {kind, run, service = '', containerId = '', streamCreated, lookedAt = act.at} = act;
	if (kind === 'stop' || kind === 'restart') {
		const made = world.acts.some((one) => one.run === run && one.kind === 'make' && one.service === service);
		return !made && !pins.containers[service]?.includes(containerId);
	}
	const created = world.acts.some((one) => one.run === run && one.kind === 'create-stream');
	return (
		kind === 'purge' &&
		!created &&
		pins.stream !== undefined &&
		streamCreated !== undefined &&
		// A purge names no time of creation: what is replaced while it is on its way cannot be told from what was looked at.
		streamCreated <= lookedAt &&
		Date.parse(pins.stream.created) !== Math.floor(epoch + streamCreated)
	);
}

/** Everything that a run or an actor touched, with what makes it this one: for rules about identities. */
export const touched = ({acts}: World) =>
	acts.map(({at, run, by, kind, containerId, serverId, stream, streamCreated}) => ({
		at,
		by: run ?? by,
		kind,
		containerId,
		serverId,
		stream,
		streamCreated,
	}));

const purges = (world: World): Act[] => byRuns(world).filter(({kind}) => kind === 'purge');

const wordsOf = ({kind, project, service, stream, consumer}: Act): string =>
	[kind, project, service, stream, consumer].filter(Boolean).join(' ');

/** Services that a run stopped, that nobody has started, and that no actor has stopped or removed since. */
function servicesLeftStopped(world: World): string[] {
	const services = new Set(
		byRuns(world)
			.filter(({kind, project}) => ['stop', 'restart', 'make'].includes(kind) && project === world.project)
			.map(({service}) => service!),
	);
	return [...services].filter((service) => {
		if (world.containerOf(service)?.status === 'running') {
			return false;
		}
		const last = world.acts
			.filter(
				(act) =>
					act.service === service &&
					['stop', 'restart', 'remove', 'make', 'pause', 'start'].includes(act.kind),
			)
			.at(-1);
		return last?.run !== undefined;
	});
}

/** All that the backups hold of one life of the stream. */
const savedOf = (world: World, created: number | undefined): Ranges =>
	[...world.folders.values()]
		.flatMap(({backups}) => [...backups.values()])
		.filter(({streamCreated}) => streamCreated === created)
		.reduce<Ranges>((all, {messages}) => union(all, messages), []);

/** The most that may have been published between a run's last look at the stream and its purge. */
const publishedSinceLook = (world: World, {at, lookedAt = at}: Act): number => {
	const perSecond = world.specs.reduce((sum, spec) => sum + (spec.publishesPerSecond ?? 0), 0);
	return Math.ceil(((at - lookedAt) / 1000) * perSecond);
};

/** What is wrong with a world that a run calls mended; what an actor did a moment ago the run may not know. */
export function wrongNow(world: World, run: string, ran: readonly string[]): string[] {
	world.settle();
	const wrong: string[] = [];
	const began = (world.runs.get(run)!.lines[0]?.at ?? 0) - epoch - planMs;
	// What others did meanwhile the run may not know; another run's doing is the matter of another rule.
	const others = world.acts.filter((act) => act.run !== run && act.at > began);
	const isOthers = (service: string): boolean => others.some((act) => act.service === service);
	const lastOf = (service: string): Act | undefined =>
		world.acts.filter((act) => act.service === service && act.run !== undefined).at(-1);
	for (const service of ran) {
		const state = world.containerOf(service)?.status ?? 'missing';
		if (state !== 'running' && !isOthers(service) && (lastOf(service) || state === 'missing')) {
			wrong.push(`${service}, which ran before it, is ${state}`);
		}
	}
	if (!others.some(({stream, service}) => stream !== undefined || service === world.server.service)) {
		if (world.serverState() !== 'ready') {
			wrong.push(`the server is ${world.serverState()}`);
		}
		const stream = world.server.streams.get(streamName);
		if (!stream) {
			wrong.push(`${streamName} is gone`);
		} else if (!stream.consumers.has(config.consumer)) {
			wrong.push(`${config.consumer} is gone`);
		} else if (stream.consumers.get(config.consumer)!.floor > stream.last) {
			wrong.push(`${config.consumer} is ahead of its stream`);
		}
		const told = toldBy(world.runs.get(run)!.lines);
		const went = purges(world)
			.filter((act) => act.run === run)
			.reduce((sum, {removed = []}) => sum + sizeOf(removed), 0);
		if (went > 0 && went !== told) {
			wrong.push(`it removed ${went} messages, and its record says ${told}`);
		}
	}
	wrong.push(...removedByOthers(world, run));
	return wrong;
}

/** What somebody else removed from the stream between the run's first look and its verification. */
function removedByOthers(world: World, run: string): string[] {
	const stream = world.server.streams.get(streamName);
	// A server that was down has nothing to count before it is back.
	const from = atOf(world, run, 'wait-server', 'done') ?? atOf(world, run, 'preflight', 'done');
	const to = atOf(world, run, 'verify', 'running');
	const isCounted = world.runs
		.get(run)!
		.lines.some((line) => line.event === 'check' && line.name.startsWith('every message of'));
	if (!stream || !isCounted || from === undefined || to === undefined || removesByItself(stream.config)) {
		return [];
	}
	return stream.removals
		.filter(({what, by, at}) => what === 'purge' && by === 'somebody' && at > from && at < to)
		.map(({messages}) => `somebody else removed ${sizeOf(messages)} messages meanwhile`);
}

/** Messages of such a stream disappear by its own rules. */
const removesByItself = ({retention, discard, max_bytes: bytes, max_msgs: messages}: StreamConfig): boolean =>
	retention !== 'limits' || (discard === 'old' && (bytes > 0 || messages > 0));

function atOf(world: World, run: string, step: string, status: string): number | undefined {
	const line = world.runs
		.get(run)!
		.lines.find((one) => one.event === 'step' && one.step === step && one.status === status);
	return line && line.at - epoch;
}

/** How many messages a record says that the run's own purge removed; what a run before it removed, it tells in another step. */
function toldBy(lines: readonly JournalEvent[]): number {
	let step = '';
	let told = 0;
	for (const line of lines) {
		if (line.event === 'step' && line.status === 'running') {
			step = line.step;
		} else if (line.event === 'lost' && step.startsWith('purge')) {
			told += line.removed ?? 0;
		}
	}
	return told;
}

/** How the rules were broken, each with its name; nothing where all hold. */
export const judge = (happened: Happened): string[] =>
	invariants.flatMap(({name, broken}) => broken(happened).map((how) => `${name}: ${how}`));
