import {plural} from '../../text/count.ts';
import type {Rule} from '../rule.ts';
import {serversOf} from '../servers.ts';
import {ago} from '../words.ts';

/** How long one is told of. */
const toldForMs = 60_000;

/** Clients that the server cut off because they read more slowly than it sends. */
export const rule: Rule = {
	id: 'slow-consumers',
	title: 'Clients are cut off as slow consumers',
	severity: 'warning',
	section: 'Detection',
	meaning:
		'A client read more slowly than the server sends to it, and was cut off. Core messages to it are lost; JetStream gives them again.',
	evidence: 'how many just now, and when',
	remedy: "look at the server's log for the client's address, and at that client",
	check(state, config, now) {
		return serversOf(state, config).flatMap(({service, suffix, varz}) => {
			const rose = varz?.slowConsumersRose;
			return rose === undefined || now - rose.at >= toldForMs
				? []
				: {
						id: `slow-consumers${suffix}`,
						severity: 'warning' as const,
						title: `${service} cuts off slow consumers`,
						evidence: `${plural(rose.by, 'client')}, ${ago(rose.at, now)}`,
						advice: `read the log of ${service}`,
						beganAt: rose.at,
					};
		});
	},
};
