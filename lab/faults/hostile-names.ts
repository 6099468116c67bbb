import {withNats} from '../project/stream.ts';
import {api, EXTRA, restoreStream} from '../tools/stream.ts';
import type {Fault} from './fault.ts';

const NAME = `${EXTRA}\x1b[31m\u202eRED\u202c接続🚨`;
const HOSTILE = '\x1b[2J\x1b]0;taken\x07 cleared \u202ebackwards\u202c\r\n\tand a second line';

/** A stream and a consumer whose names and texts a terminal would obey. */
export const hostileNames: Fault = {
	name: 'hostile-names',
	summary:
		'a stream and a consumer with escape sequences in name, description, metadata and subjects; all else is well',
	topology: 'any',
	async break({place}) {
		await withNats(place, async (nc) => {
			const config = {
				name: NAME,
				description: HOSTILE,
				metadata: {[HOSTILE]: HOSTILE, 'io.nats.monitor.lag-critical': HOSTILE},
				subjects: ['lab.\x1b[31mred', `lab.${'long'.repeat(50)}`],
				storage: 'file',
				retention: 'limits',
				max_bytes: 1_000_000,
			};
			await api(nc, `STREAM.CREATE.${NAME}`, config);
			const durable = '\x1b[31m\u202eeater\u202c';
			await api(nc, `CONSUMER.DURABLE.CREATE.${NAME}.${durable}`, {
				stream_name: NAME,
				config: {
					durable_name: durable,
					description: HOSTILE,
					metadata: {[HOSTILE]: HOSTILE},
					ack_policy: 'explicit',
				},
			});
		});
	},
	mend: restoreStream,
};
