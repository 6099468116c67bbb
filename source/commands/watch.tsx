import {render} from 'ink';
import {createElement} from 'react';
import {dockerEndpoint} from '../clients/docker/endpoint.ts';
import type {Config} from '../config/schema.ts';
import {escalationKeeper} from '../escalation/launch-escalation.ts';
import {abortRun} from '../lock/abort-run.ts';
import {identify, openPlace} from '../records/identity.ts';
import {runId} from '../records/journal.ts';
import {whoAmI} from '../records/who.ts';
import {refuseReadOnly} from '../runbook/read-only.ts';
import {isOwnServer} from '../state/server-identity.ts';
import {sanitize} from '../text/sanitize.ts';
import {App} from '../ui/app.tsx';
import type {UiActions} from '../ui/types.ts';
import {keepFindings} from '../watch/finding-keeper.ts';
import {keepIncident} from '../watch/incident-keeper.ts';
import {createStore} from '../watch/watch-store.ts';
import {followEngine} from './follow-engine.ts';
import {launcherPath} from './launcher.ts';
import {stayLean} from './lean.ts';

export type WatchOptions = {
	ascii: boolean;
	colour: boolean;
	/** The flags of this start that a run must have too. */
	flags: string[];
	/** Where the configuration comes from, and what took its place: see `LoadedConfig`. */
	source: string;
	natsFrom: string | undefined;
};

/** An engine that answers says at once whose records these are. What it does not say by then is told when it comes. */
const identifyMs = 500;
/** The same before a run: that one is worth waiting for. */
const identifyRunMs = 5000;

/**
`jetmedic`: the console. The first frame is drawn before a client is loaded; the sources then fill it.

@returns 0 when the operator quits.
@throws ConfigError, before anything is drawn, where the engine's address can't be used.
*/
export async function watchCommand(
	config: Config,
	{ascii, colour, flags, source, natsFrom}: WatchOptions,
): Promise<number> {
	const engine = dockerEndpoint(config.docker, process.env).describe;
	const ended = new AbortController();
	const watch = createStore({config, host: whoAmI().host, clock: Date});
	const place = openPlace(config, engine);
	// Nobody may write into the screen: nats.js prints to the console, Node its warnings.
	for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
		console[method] = () => {};
	}
	process.removeAllListeners('warning');

	const parts = (async () => {
		const [context, {watchDeployment}, {configKeeper}, {watchRuns}, {memoryKeeper, readMemory}] =
			await Promise.all([
				import('./context.ts'),
				import('../sources/deployment.ts'),
				import('../records/config-keeper.ts'),
				import('../sources/runs.ts'),
				import('../records/memory.ts'),
			]);
		const read = context.readContext(config, process.env, ended.signal, place);
		await identify(read, identifyMs);
		const keeper = configKeeper(place);
		const memory = memoryKeeper(place);
		const state = () => watch.store.getState().state;
		const saving = setInterval(() => {
			keeper.save(isOwnServer(state().nats));
			memory.keep(state());
		}, 1000);
		ended.signal.addEventListener(
			'abort',
			() => {
				clearInterval(saving);
				memory.save(state());
			},
			{once: true},
		);
		watch.emit({
			kind: 'memory',
			...readMemory(place, Date.now()),
			saved: context.savedNames(read),
			at: Date.now(),
		});
		watchRuns(read, watch.emit, ended.signal);
		followEngine(read, watch, ended.signal);
		const deployment = watchDeployment(
			{
				config,
				env: process.env,
				docker: read.docker,
				state,
				onConfigs: keeper.remember,
			},
			watch.emit,
			ended.signal,
		);
		return {read, deployment};
	})();

	const actions: UiActions = {
		async plan(runbook, {backup}) {
			const {read} = await parts;
			const [{makePlan}, {findRunbook}, {unfinishedRun}] = await Promise.all([
				import('../runbook/plan.ts'),
				import('../runbook/runbooks.ts'),
				import('../sources/unfinished.ts'),
			]);
			const found = findRunbook(runbook, config, await unfinishedRun(read));
			return makePlan(found, read, {host: whoAmI().host, backup, at: Date.now()});
		},
		async start(plan) {
			refuseReadOnly(config, 'this console starts no run');
			// The run asks the engine who it is, and its journal is awaited where that engine's records are.
			if (!(await identify((await parts).read, identifyRunMs))) {
				throw new Error(`The run was not started: the engine at ${engine} did not say its ID in time.`);
			}
			const {launchRun} = await import('./launch-run.ts');
			await launchRun(place, plan, config, runId(plan.runbook, Date.now()), launcherPath(), flags);
		},
		abort() {
			refuseReadOnly(config, 'this console aborts no run');
			const {run} = watch.store.getState().state;
			if (run?.alive) {
				abortRun(run);
			}
		},
		followLogs(services) {
			void parts.then(({deployment}) => deployment.followLogs(services));
		},
		select(id) {
			// Neither name can hold a slash.
			const [stream, consumer] = id?.split('/') ?? [];
			void parts.then(({deployment}) =>
				deployment.select(stream === undefined ? undefined : {stream, consumer}),
			);
		},
		copy(text) {
			// OSC 52 goes through SSH and tmux to the clipboard of the terminal that the operator sits at.
			process.stdout.write(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`);
		},
		quit() {
			instance.unmount();
		},
	};

	stayLean(ended.signal);
	const stopKeeping = keepIncident(
		watch,
		place,
		escalationKeeper({place, config, launcher: launcherPath(), flags}),
	);
	keepFindings(watch, place, config);
	const instance = render(
		createElement(App, {
			store: watch.store,
			actions,
			options: {
				ascii,
				colour,
				readOnly: config.readOnly,
				config,
				origin: {configuration: sanitize(source, 500), engine, natsFrom},
			},
		}),
		{
			alternateScreen: true,
			incrementalRendering: true,
			maxFps: 10,
			exitOnCtrlC: false,
			patchConsole: false,
			interactive: true,
		},
	);
	const fail = (error: unknown): void => {
		instance.unmount();
		process.stderr.write(`${(error as Error)?.stack ?? String(error)}\n`);
		process.exit(70);
	};
	process.on('uncaughtException', fail);
	process.on('unhandledRejection', fail);
	parts.catch(fail);
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.once(name, () => {
			instance.unmount();
			process.exit(name === 'SIGINT' ? 130 : name === 'SIGTERM' ? 143 : 129);
		});
	}
	await instance.waitUntilExit();
	stopKeeping();
	ended.abort();
	watch.dispose();
	return 0;
}
