import {setTimeout as sleep} from 'node:timers/promises';
import {connect, type JetStreamClient, type JetStreamManager, type NatsConnection} from 'nats';
import {waitForServer} from './door.ts';
import {describe} from './errors.ts';
import {type Log, limited} from './log.ts';
import {type Role, text} from './settings.ts';
import {isOn, onSwitch} from './switches.ts';

/** One connection, for as long as it lasts. */
export type Session = {nc: NatsConnection; js: JetStreamClient; jsm: JetStreamManager};

/** A service's way to NATS: it makes a new connection whenever the last one is lost. */
export type Link = {
	log: Log;
	/** The connection there is; rejects with code TIMEOUT when there is none within 2 s. */
	session(): Promise<Session>;
	/** Logs a failure in the runbook's words and remembers it for the health page. */
	fail(what: string, error: unknown): void;
	/** Notes that something just worked. */
	ok(): void;
	/** The `nats` component of a health page. */
	health(): NatsHealth;
	/** Ends the connection for good, sending what is under way. */
	close(): Promise<void>;
};

/** The `nats` component of a health page. */
export type NatsHealth = {
	name: 'nats';
	status: 'healthy' | 'unhealthy';
	connected: boolean;
	lastOkAgeMs: number | null;
	reconnects: number;
	lastError: string | null;
};

const REQUEST_MS = 2000;
const STALE_MS = 5000;
const LOG_EVERY_MS = 2000;

/** Starts connecting, and keeps connected until `close`. */
export function openLink(role: Role, plainLog: Log): Link {
	const log = limited(plainLog, LOG_EVERY_MS);
	const servers = text('NATS_URL', 'nats://titan-nats:4222')
		.split(',')
		.map((url) => new URL(url));
	let session: Session | undefined;
	let connections = 0;
	let lastOk: number | undefined;
	let lastError: string | null = null;
	let closing = false;
	const ok = () => {
		lastOk = Date.now();
		lastError = null;
	};
	const fail = (what: string, error: unknown) => {
		lastError = `${what}: ${describe(error)}`;
		log('error', describe(error), {what});
	};

	const keepConnected = async () => {
		while (!closing) {
			// the fault of a service that has lost its connection and does not know it
			while (isOn('off-the-line')) await sleep(100);
			const server = await waitForServer(servers, (level, msg, extra) => {
				lastError = `connect: ${msg}`;
				log(level, msg, extra);
			});
			try {
				session = await openSession(role, server);
			} catch (error) {
				fail('connect', error);
				// a server that greets and refuses the login would be asked without a break
				await sleep(250);
				continue;
			}
			connections++;
			ok();
			plainLog('info', connections > 1 ? 'reconnected to nats' : 'connected to nats', {server: server.host});
			await session.nc.closed();
			session = undefined;
			if (!closing) plainLog('error', 'disconnected from nats', {server: server.host});
		}
	};
	const heartbeat = async () => {
		for (;;) {
			// A round trip each second: the health page must not call a silent connection healthy.
			const answered = session?.nc.flush().then(
				() => true,
				() => false,
			);
			if (await Promise.race([answered, sleep(REQUEST_MS, false)])) lastOk = Date.now();
			await sleep(1000);
		}
	};
	void keepConnected();
	void heartbeat();
	onSwitch('off-the-line', (off) => {
		if (off) void session?.nc.close();
	});

	return {
		log,
		ok,
		fail,
		async session() {
			const deadline = Date.now() + REQUEST_MS;
			while (!session) {
				if (Date.now() > deadline) throw Object.assign(new Error('timeout'), {code: 'TIMEOUT'});
				await sleep(20);
			}
			return session;
		},
		health() {
			const age = lastOk === undefined ? null : Date.now() - lastOk;
			const pretends = isOn('off-the-line');
			const connected = (session !== undefined || pretends) && !isOn('says-unhealthy');
			const healthy = connected && (pretends || (age !== null && age < STALE_MS));
			return {
				name: 'nats',
				status: healthy ? 'healthy' : 'unhealthy',
				connected,
				lastOkAgeMs: age,
				reconnects: Math.max(0, connections - 1),
				lastError,
			};
		},
		async close() {
			closing = true;
			await session?.nc.drain();
		},
	};
}

async function openSession(role: Role, server: URL): Promise<Session> {
	const nc = await connect({
		servers: server.host,
		name: `titan-${role}`,
		// one server after the other is this module's business
		ignoreClusterUpdates: true,
		user: text('NATS_USER', ''),
		pass: text('NATS_PASSWORD', ''),
		// this module reconnects by itself, see door.ts
		reconnect: false,
		pingInterval: 2000,
		maxPingOut: 2,
		timeout: REQUEST_MS,
	});
	// without checkAPI: JetStream may still be starting, which is no reason to give the connection up
	return {
		nc,
		js: nc.jetstream({timeout: REQUEST_MS}),
		jsm: await nc.jetstreamManager({timeout: REQUEST_MS, checkAPI: false}),
	};
}
