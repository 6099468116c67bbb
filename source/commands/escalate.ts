import {setTimeout as sleep} from 'node:timers/promises';
import {dockerEndpoint} from '../clients/docker/endpoint.ts';
import {escalationTargets} from '../config/escalation.ts';
import type {Config} from '../config/schema.ts';
import {deliver, type EscalationMessage} from '../escalation/deliver.ts';
import {escalate} from '../escalation/escalate.ts';
import {holderHere} from '../lock/holder.ts';
import {type HostLock, LockedError, lockAddress, takeLock} from '../lock/host-lock.ts';
import {openPlace, settlePlace} from '../records/identity.ts';
import {holdIncident, incidentAgeMs, isIncidentWatched, readIncident} from '../records/incident.ts';
import type {Place} from '../records/place.ts';

/** An attempt to tell somebody is given up after this, milliseconds. */
const deadlineMs = 10_000;

/**
`jetmedic escalate`, which a console or a run starts as a process of its own: waits until the incident is due for
its escalation, looks whether it goes on, and gives the report to whom the configuration names. Changes nothing in
the deployment.

@param since - When the incident began that whoever starts it can't write down.
@param engine - Whose incident it is, which whoever starts it may not be able to write down either.
@returns The exit code: 0 where nothing is left to do, 1 where somebody could not be told.
*/
export async function escalateCommand(
	config: Config,
	{since, engine}: {since?: number | undefined; engine?: string | undefined} = {},
): Promise<number> {
	if (escalationTargets(config).length === 0) {
		process.stderr.write('Nobody is to be told: the configuration has no escalation.command or .webhook.\n');
		return 0;
	}
	// The end of the terminal or of the SSH session of whoever started it is not its own.
	process.on('SIGHUP', () => {});
	// Whoever starts it has asked the engine who it is. It is not asked here: for the waiting no client is loaded.
	const place = placeNow(config, engine);
	if (since !== undefined && Number.isFinite(since)) {
		holdIncident(place, since);
	}
	const address = lockAddress(place.root, 'escalation');
	// An incident that began between the last look and the release of the lock found it still taken.
	do {
		let lock: HostLock;
		try {
			lock = await takeLock(address, holderHere('escalation', 'escalation', process.env));
			if (lock.ignored !== undefined) {
				process.stderr.write(
					`The name of this escalation's lock is held by ${lock.ignored}, which is not an escalation. It was ignored.\n`,
				);
			}
		} catch (error) {
			if (error instanceof LockedError) {
				return 0;
			}
			throw error;
		}
		try {
			const ending = await escalate(place, config, {
				now: Date.now,
				ageMs: () => incidentAgeMs(place),
				sleep: async (ms) => void (await sleep(ms)),
				look: (since, forMs) => lookFor(place, config, since, forMs, engine),
				deliver: (target, message) => deliver(target, message, deadlineMs),
			});
			if (ending !== 'over') {
				return ending === 'failed' ? 1 : 0;
			}
		} finally {
			lock.release();
		}
	} while (readIncident(place) !== undefined);
	return 0;
}

function placeNow(config: Config, engine: string | undefined): Place {
	const place = openPlace(config, dockerEndpoint(config.docker, process.env).describe);
	if (engine !== undefined) {
		settlePlace(place, engine);
	}
	return place;
}

/** Looks at the deployment, as `jetmedic check` does but longer. The clients are loaded here: the waiting needs none. */
async function lookFor(
	place: Place,
	config: Config,
	since: number,
	forMs: number,
	engine: string | undefined,
): Promise<EscalationMessage | undefined> {
	const [{look}, {escalationMessage}, {aboutDeployment, isCalm}, {newestRun}, {exactSecrets}] =
		await Promise.all([
			import('./check.ts'),
			import('../escalation/message.ts'),
			import('../diagnosis/status.ts'),
			import('../sources/runs.ts'),
			import('../records/secrets.ts'),
		]);
	const ended = new AbortController();
	// Whose records these are may become known meanwhile, unless it was said.
	const now = (): Place => (engine === undefined ? placeNow(config, undefined) : place);
	const watching = setInterval(() => readIncident(now()) !== since && ended.abort(), 1000);
	const {state, findings} = await look(config, {forMs, signal: ended.signal});
	clearInterval(watching);
	// The look may have settled whose records these are.
	Object.assign(place, now());
	const run = newestRun(place);
	const ofIncident = run !== undefined && run.at >= since ? run : undefined;
	const isUnfinished =
		ofIncident !== undefined && ofIncident.result === undefined && ofIncident.finishedBy === undefined;
	if (isCalm(state, findings) && !isUnfinished && !isIncidentWatched(place)) {
		return undefined;
	}
	return escalationMessage({
		place,
		config,
		host: state.host,
		since,
		// The time that it lasts, also where the clock was set.
		now: since + incidentAgeMs(place),
		findings: aboutDeployment(findings),
		run: ofIncident,
		secrets: await exactSecrets(config, process.env),
	});
}
