import {type LookupAddress, type LookupOptions, lookup} from 'node:dns';

type Answer = (
	error: NodeJS.ErrnoException | null,
	address: string | LookupAddress[],
	family?: number,
) => void;

const waiting = new Map<string, Answer[]>();

/**
Resolves a name as Node does, once at a time for each name. A resolver that does not answer holds one of the four threads
that also read files; a poll that asks again each second would take all four, and every other endpoint would wait.
https://nodejs.org/api/dns.html#implementation-considerations
*/
export function lookupOnce(hostname: string, options: LookupOptions, answer: Answer): void {
	const key = `${hostname} ${options.family ?? 0} ${options.all === true} ${options.hints ?? 0}`;
	const others = waiting.get(key);
	if (others) {
		others.push(answer);
		return;
	}
	waiting.set(key, [answer]);
	lookup(hostname, options, (error, address, family) => {
		const all = waiting.get(key) ?? [];
		waiting.delete(key);
		for (const one of all) {
			one(error, address, family);
		}
	});
}
