/** Stand-ins for the Titan services: `node titan.cjs <brain|execution|scavenger|sentinel>`. */
import {startExecution} from './execution.ts';
import {type Link, openLink} from './link.ts';
import {logOf} from './log.ts';
import {startNoise} from './noise.ts';
import {startPublisher} from './publisher.ts';
import type {Answer} from './respond.ts';
import {startSentinel} from './sentinel.ts';
import {number, PORTS, ROLES, type Role} from './settings.ts';
import {onSwitch, watchSwitches} from './switches.ts';
import {json, serve} from './web.ts';

const role = ROLES.find((name) => name === process.argv[2]);
if (!role) {
	process.stderr.write(`Name one of ${ROLES.join(', ')} as the only argument.\n`);
	process.exit(2);
}
const log = logOf(role);

const port = PORTS[role];
const web =
	port === undefined ? undefined : serve(port, role === 'sentinel' ? '/metrics' : '/health', () => page());

/** What each role does; what it returns is its page. */
const starts: Record<Role, (link: Link) => () => Answer> = {
	brain(to) {
		const publisher = startPublisher(to, 'titan.intents.brain', number('PUBLISH_EVERY_MS', 100));
		return () => {
			const components = [to.health(), publisher.health()];
			const healthy = components.every((component) => component.status === 'healthy');
			return json(healthy ? 200 : 503, {status: healthy ? 'healthy' : 'degraded', components});
		};
	},
	execution(to) {
		const execution = startExecution(to);
		return () => {
			const nats = to.health();
			const code = nats.status === 'healthy' ? 200 : 503;
			return json(code, {status: nats.status, connections: {nats}, acked: execution.acked()});
		};
	},
	scavenger(to) {
		startPublisher(to, 'titan.intents.scavenger', number('PUBLISH_EVERY_MS', 250));
		return () => json(200, {});
	},
	sentinel(to) {
		const sentinel = startSentinel(to);
		return () => ({status: 200, type: 'text/plain; version=0.0.4', body: sentinel.page()});
	},
};

log('info', 'starting', {node: process.version});
watchSwitches();
startNoise();
// the fault that takes a page away while the service lives
onSwitch('page-off', (off) => (off ? web?.close() : web?.open()));
const link = openLink(role, log);
const page = starts[role](link);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
	process.on(signal, () => {
		log('info', 'stopping', {signal});
		setTimeout(() => process.exit(0), 1500).unref();
		link
			.close()
			.catch(() => undefined)
			.finally(() => process.exit(0));
	});
}
