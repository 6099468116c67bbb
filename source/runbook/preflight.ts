import {existsSync} from 'node:fs';
import {statfs} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {NatsConnection} from 'nats';
import {describeDockerError} from '../clients/docker/errors.ts';
import {describeNatsError} from '../clients/nats/connection.ts';
import {
	accountInfo,
	ErrorCode,
	JetStreamError,
	listConsumers,
	streamInfo,
} from '../clients/nats/jetstream.ts';
import {readHealthz} from '../clients/nats/monitor.ts';
import {natsOptions} from '../clients/nats/options.ts';
import {toStreamFacts} from '../clients/nats/schema.ts';
import type {ContainerFacts, StreamFacts} from '../state/observation.ts';
import type {CheckResult} from '../state/run.ts';
import {formatBytes} from '../text/bytes.ts';
import {plural} from '../text/count.ts';
import {readConfigs} from './configs.ts';
import {type ReadContext, withNats} from './context.ts';
import type {Needs} from './types.ts';

export type Preflight = {
	checks: CheckResult[];
	services: ContainerFacts[];
	/** The stream as it is now, where it answers. */
	stream?: StreamFacts;
};

/**
Looks whether a runbook can be run now; changes nothing. What fails says why and what to do instead. Never
throws.
*/
export async function preflight(needs: Needs, context: ReadContext, backup: boolean): Promise<Preflight> {
	const checks: CheckResult[] = [];
	const {services} = await checkEngine(context, checks);
	if (needs.purge === undefined) {
		return {checks, services};
	}
	const server = services.find(({service}) => service === context.config.nats.service);
	const stream = await checkStream(needs, context, server, checks);
	if (stream && backup) {
		await checkRoom(context, stream, checks);
	}
	return {checks, services, stream};
}

async function checkEngine(
	{docker, config}: ReadContext,
	checks: CheckResult[],
): Promise<{services: ContainerFacts[]}> {
	const project = config.docker.project;
	let services: ContainerFacts[] = [];
	try {
		services = await docker.list(project);
	} catch (error) {
		checks.push({name: 'Docker engine', ok: false, evidence: describeDockerError(error, docker.endpoint)});
		return {services};
	}
	checks.push({
		name: 'Docker engine',
		ok: services.length > 0,
		evidence:
			services.length > 0
				? `${plural(services.length, 'container')} of ${project}`
				: `There is no container of the Compose project ${project} on this engine. Name the project in the configuration.`,
	});
	if (services.length > 0 && !services.some(({service}) => service === config.nats.service)) {
		const compose = await docker.composeProject(project).catch(() => undefined);
		const ok = compose !== undefined && compose.configFiles.length > 0;
		checks.push({
			name: `container of ${config.nats.service}`,
			ok,
			evidence: ok
				? `missing; Compose will make it from ${compose.configFiles.join(', ')}`
				: `${config.nats.service} has no container, and no other one says where its Compose file is.`,
		});
	}
	return {services};
}

async function checkStream(
	needs: Needs,
	context: ReadContext,
	server: ContainerFacts | undefined,
	checks: CheckResult[],
): Promise<StreamFacts | undefined> {
	const {config, env, signal} = context;
	const restartFirst = 'Run restart (R) first, then this.';
	if (server && server.status !== 'running') {
		checks.push({
			name: 'NATS',
			ok: false,
			evidence: `${server.service} is ${server.status}. ${restartFirst}`,
		});
		return undefined;
	}
	if (config.nats.monitor !== undefined) {
		const healthz = await readHealthz(config.nats.monitor, signal);
		const full = /no space left/i.test(healthz.error ?? '');
		const evidence = full
			? 'The disk of the store is full. Free space, run restart (R), then this: a purge on a full disk hangs the stream.'
			: healthz.status === 'booting'
				? 'NATS is booting. Wait until it is ready; do not restart it.'
				: `/healthz ${healthz.status}${healthz.error ? `: ${healthz.error}` : ''}`;
		// Unavailable may be the very stream that full recovery is to mend.
		const ok = healthz.status === 'ok' || (healthz.status === 'unavailable' && !full && needs.recreates);
		checks.push({name: '/healthz', ok, evidence});
		if (healthz.status === 'booting' || full) {
			return undefined;
		}
	}
	try {
		return await withNats({config, env}, (connection) => readStream(needs, connection, context, checks));
	} catch (error) {
		const {shownUrl} = await natsOptions(config.nats, env).catch(() => ({shownUrl: config.nats.service}));
		checks.push({name: 'NATS', ok: false, evidence: `${describeNatsError(error, shownUrl)} ${restartFirst}`});
		return undefined;
	}
}

async function readStream(
	needs: Needs,
	connection: NatsConnection,
	{config, place}: ReadContext,
	checks: CheckResult[],
): Promise<StreamFacts | undefined> {
	const account = await accountInfo(connection);
	checks.push({name: 'JetStream', ok: true, evidence: `on, ${plural(account.streams, 'stream')}`});
	const name = config.stream;
	let stream: StreamFacts;
	try {
		stream = toStreamFacts(await streamInfo(connection, name), await listConsumers(connection, name));
	} catch (error) {
		const lost = error instanceof JetStreamError && error.errCode === ErrorCode.streamNotFound;
		const saved = readConfigs(place.configs).streams[name];
		const ok = lost && needs.recreates && saved !== undefined;
		const evidence = !lost
			? `${name} does not answer: ${(error as Error).message}`
			: ok
				? `the server does not know ${name}; it will be created from its saved configuration`
				: `The server does not know ${name}${needs.recreates ? ', and no configuration of it was ever saved here' : '. Run full recovery (F)'}.`;
		checks.push({name, ok, evidence});
		return undefined;
	}
	const refusal = stream.sealed
		? `${name} is sealed: the server refuses every purge of it.`
		: stream.denyPurge
			? `${name} has deny_purge: the server refuses every purge of it, and that can't be unset.`
			: undefined;
	const text = `${plural(stream.messages, 'message')}, ${formatBytes(stream.bytes)}`;
	checks.push({name, ok: refusal === undefined, evidence: refusal ?? text});
	return stream;
}

/** The folder itself, or the nearest above it that is there: a run makes what is missing. */
function existing(folder: string): string {
	return existsSync(folder) ? folder : existing(dirname(folder));
}

async function checkRoom({place}: ReadContext, stream: StreamFacts, checks: CheckResult[]): Promise<void> {
	try {
		const disk = await statfs(existing(place.backups));
		const free = disk.bavail * disk.bsize;
		// The archive is compressed, so the stream's own size is more than enough.
		const ok = free > stream.bytes + (16 << 20);
		checks.push({
			name: 'room for the backup',
			ok,
			evidence: ok
				? `${formatBytes(free)} free`
				: `The backup may need ${formatBytes(stream.bytes)} and ${place.backups} has ${formatBytes(free)} free. Free space, or run it without a backup.`,
		});
	} catch (error) {
		const evidence = `The folder of the backups can't be used: ${(error as Error).message}.`;
		checks.push({name: 'room for the backup', ok: false, evidence});
	}
}
