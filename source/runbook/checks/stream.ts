import {formatBytes} from '../../text/bytes.ts';
import {plural} from '../../text/count.ts';
import type {RunContext} from '../context.ts';
import {answerMs, type Check} from './check.ts';
import type {Shared} from './shared-nats.ts';

/** Three answers, in none of which the stream has gone back. */
const looksWanted = 3;

/** The stream answers several times in a row, and its last sequence goes forward only. */
export function streamCheck({config}: RunContext, nats: Shared): Check {
	let looks = 0;
	let highest = 0;
	return {
		name: `${config.stream} answers`,
		otherwise: `Run full recovery (F), or restore ${config.stream} from its newest backup (jetmedic restore).`,
		async test() {
			const {state} = await (await nats.get()).stream(config.stream, answerMs).catch((error) => {
				looks = 0;
				throw error;
			});
			const wentBack = state.last_seq < highest;
			looks = wentBack ? 0 : looks + 1;
			highest = Math.max(highest, state.last_seq);
			const evidence = `${plural(state.messages, 'message')}, ${formatBytes(state.bytes)}, sequence ${state.first_seq} to ${state.last_seq}`;
			return wentBack
				? {ok: false, evidence: `its last sequence went back from ${highest}: ${evidence}`}
				: {ok: looks >= looksWanted, evidence: `${evidence}, ${plural(looks, 'answer')}`};
		},
		close: () => nats.close(),
	};
}
