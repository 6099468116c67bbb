import {delay} from '../clients/delay.ts';
import {nodeServices} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import {noAnswer} from '../diagnosis/questions.ts';
import {overallStatus} from '../diagnosis/status.ts';
import {configKeeper} from '../records/config-keeper.ts';
import {observeIncident} from '../records/escalation-record.ts';
import {hideSecrets} from '../records/hide-secrets.ts';
import {identify} from '../records/identity.ts';
import {memoryKeeper, readMemory} from '../records/memory.ts';
import type {Place} from '../records/place.ts';
import {exactSecrets} from '../records/secrets.ts';
import {whoAmI} from '../records/who.ts';
import {watchDeployment} from '../sources/deployment.ts';
import {findRun, newestRun} from '../sources/runs.ts';
import type {Emit} from '../state/observation.ts';
import {isOwnServer} from '../state/server-identity.ts';
import type {DeploymentState} from '../state/types.ts';
import {createStore, type Snapshot} from '../watch/watch-store.ts';
import {exitCodes} from './check-formats/checked.ts';
import {type CheckFormat, checkFormats} from './check-formats/formats.ts';
import {readContext, savedNames} from './context.ts';
import {print} from './output.ts';

/** One look is over this long after the start of the process; what has not answered by then is unknown. */
const lookMs = 2250;
/** What a look may take longer if the engine has neither answered nor refused: on a busy host it is late. */
const blindMs = 3000;
/** What it may take longer if the server answers: thousands of lists of consumers take seconds. */
const readingMs = 8000;
/** What an engine may take to say whose records these are; the look does not wait longer for that. */
const identifyMs = 400;
// A log's last lines arrive in one burst after its container is known.
const logsMs = 250;

/**
`jetmedic check`: one look at everything, and what is wrong with it.

@param source - Where the configuration comes from: see `LoadedConfig`.
@returns The exit code of Nagios' plugins: 0 ok, 1 warning, 2 critical, 3 unknown.
*/
export async function checkCommand(
	config: Config,
	{format, source}: {format: CheckFormat; source: string},
): Promise<number> {
	const {state, findings} = hideSecrets(await look(config), await exactSecrets(config, process.env));
	const status = overallStatus(state, findings);
	print(checkFormats[format]({state, findings, status, config, source}));
	return exitCodes[status];
}

/**
Starts every source, waits until each has said something, and diagnoses.

@param place - Whose records these are, if that is known already.
@param forMs - Looks for so long instead, or until the signal: what shows only over time is then seen, too.
*/
export async function look(
	config: Config,
	{forMs, signal, place}: {forMs?: number; signal?: AbortSignal; place?: Place} = {},
): Promise<Snapshot> {
	const ended = new AbortController();
	const context = readContext(config, process.env, ended.signal, place);
	await identify(context, identifyMs);
	const {root} = context.place;
	const {store, emit, flush, dispose} = createStore({config, host: whoAmI().host, clock: Date});
	const keeper = configKeeper(context.place);
	emit({
		kind: 'memory',
		...readMemory(context.place, Date.now()),
		saved: savedNames(context),
		at: Date.now(),
	});
	emit({kind: 'run', run: newestRun(context.place), at: Date.now()});
	emit(observeIncident(context.place, Date.now()));
	const otherRun = findRun(context).then((run) => emit({kind: 'run', run, at: Date.now()}));
	let state = store.getState().state;
	await new Promise<void>((resolve) => {
		// performance.now() counts from the start of the process; on a busy machine loading it takes its share.
		const left = (): number => Math.max(0, lookMs - performance.now());
		const over = (): void => {
			// Each source answers or is down by its own deadline; on a host in need even that comes late, and a look that
			// saw nothing helps nobody.
			const waitMs = moreTime(state);
			deadline = waitMs === undefined ? undefined : setTimeout(resolve, waitMs);
			if (waitMs === undefined) {
				resolve();
			}
		};
		let deadline: NodeJS.Timeout | undefined = setTimeout(over, forMs ?? Math.max(1000, left()));
		let settled: NodeJS.Timeout | undefined;
		signal?.addEventListener(
			'abort',
			() => {
				clearTimeout(deadline);
				resolve();
			},
			{once: true},
		);
		watchDeployment(
			{config, env: process.env, docker: context.docker, state: () => state, onConfigs: keeper.remember},
			(observation) => {
				emit(observation);
				flush();
				state = store.getState().state;
				if (forMs === undefined && settled === undefined && hasLookedEverywhere(state, config)) {
					settled = setTimeout(
						() => {
							clearTimeout(deadline);
							resolve();
						},
						Math.min(logsMs, left()),
					);
				}
			},
			ended.signal,
		);
	});
	// It is asked since the start, like everything else; an engine that does not answer is not waited for.
	await Promise.race([otherRun, delay(Math.max(0, lookMs - performance.now()), ended.signal)]);
	ended.abort();
	keeper.save(isOwnServer(store.getState().state.nats));
	tellSilence(store.getState().state, emit);
	emit({kind: 'over', at: Date.now()});
	flush();
	const snapshot = store.getState();
	if (context.place.root !== root) {
		// The engine said only meanwhile that it is another one than was here last: all was compared with another one's records.
		dispose();
		// The place is settled by now: a second look ends, whatever can be written.
		return await look(config, {
			place: context.place,
			...(forMs !== undefined && {forMs}),
			...(signal && {signal}),
		});
	}
	memoryKeeper(context.place).save(snapshot.state);
	dispose();
	return snapshot;
}

/** How long a look that is over goes on: what answers, and has more to say, is worth the wait. */
function moreTime({sources, nats}: DeploymentState): number | undefined {
	const isSilent = (name: string): boolean => sources[name]?.status === 'starting';
	if (isSilent('nats') && nats.connection.status === 'connected') {
		return readingMs;
	}
	return isSilent('docker') ? blindMs : undefined;
}

/** What has not answered when the look is over is as far away as this look can tell. */
function tellSilence({sources}: DeploymentState, emit: Emit): void {
	for (const [source, {status}] of Object.entries(sources)) {
		if (status === 'starting' && !source.startsWith('logs:')) {
			emit({kind: 'source', source, status: 'down', error: noAnswer, at: Date.now()});
		}
	}
}

/** Nobody, or somebody who was compared with the servers in the containers. */
const knowsWhoAnswers = ({nats}: DeploymentState): boolean =>
	nats.connection.status !== 'connected' || nats.identity !== undefined;

/** And of each server that runs where its streams are. */
const knowsStores = ({nats, services}: DeploymentState, config: Config): boolean =>
	nodeServices(config).every(
		(service) => services[service]?.status !== 'running' || nats.stores?.[service] !== undefined,
	);

function hasLookedEverywhere(state: DeploymentState, config: Config): boolean {
	const sources = Object.entries(state.sources).filter(([name]) => !name.startsWith('logs:'));
	return (
		sources.length > 0 &&
		sources.every(([, {status}]) => status !== 'starting') &&
		((knowsWhoAnswers(state) && knowsStores(state, config)) || state.containersAt === undefined)
	);
}
