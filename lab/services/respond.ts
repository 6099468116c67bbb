import type {ServerResponse} from 'node:http';
import {isOn} from './switches.ts';

const SLOW_MS = 1200;
const HUGE_BYTES = 100 * 1024 * 1024;

/** What a page answers. */
export type Answer = {status: number; type: string; body: string};

/** Sends an answer, or what a page that is broken in one of the switchable ways sends instead. */
export function respond(response: ServerResponse, {status, type, body}: Answer): void {
	if (isOn('page-hangs')) return;
	if (isOn('page-huge')) {
		huge(response);
		return;
	}
	const send = () => {
		response.writeHead(status, {'content-type': type});
		// cut off in the middle, behind bytes that are no UTF-8 and an escape sequence
		if (isOn('page-garbage'))
			response.end(
				Buffer.concat([Buffer.from([0xff, 0xfe, 0x1b, 0x5b, 0x32, 0x4a]), Buffer.from(body.slice(0, 20))]),
			);
		else response.end(body);
	};
	if (isOn('page-slow')) setTimeout(send, SLOW_MS);
	else send();
}

/** 100 MB of one JSON text, as fast as the reader takes it. */
function huge(response: ServerResponse): void {
	const chunk = Buffer.alloc(64 * 1024, 'x');
	let left = HUGE_BYTES;
	response.writeHead(200, {'content-type': 'application/json'});
	response.write('{"status":"healthy","pad":"');
	const more = () => {
		while (left > 0) {
			left -= chunk.length;
			if (!response.write(chunk)) {
				response.once('drain', more);
				return;
			}
		}
		response.end('"}');
	};
	more();
}
