import {setFlagsFromString} from 'node:v8';

/** Once it is filled, a console allocates the same again and again. */
const filledMs = 5000;

/**
Tells V8 to prefer memory to speed once the console is filled: left alone its heap grows for ten minutes, to 135 MB and
more; so it stays below 120. From the start on, the same flag would cost 70 ms until the first figures.
*/
export function stayLean(signal: AbortSignal): void {
	const timer = setTimeout(() => setFlagsFromString('--optimize-for-size'), filledMs).unref();
	signal.addEventListener('abort', () => clearTimeout(timer), {once: true});
}
