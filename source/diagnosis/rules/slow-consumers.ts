import {plural} from '../../text/count.ts';
import type {Rule} from '../rule.ts';
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
	check({nats}, config, now) {
		const rose = nats.varz?.slowConsumersRose;
		return rose === undefined || now - rose.at >= toldForMs
			? []
			: [
					{
						id: 'slow-consumers',
						severity: 'warning',
						title: `${config.nats.service} cuts off slow consumers`,
						evidence: `${plural(rose.by, 'client')}, ${ago(rose.at, now)}`,
						advice: `read the log of ${config.nats.service}`,
						beganAt: rose.at,
					},
				];
	},
};
