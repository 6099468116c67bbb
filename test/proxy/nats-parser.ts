/** What a client sent to a NATS server. */
export type NatsRequest =
	| {verb: 'PUB' | 'HPUB'; subject: string; reply?: string; bytes: number}
	| {verb: 'SUB'; subject: string};

/** Longer than any line that a server takes (4 KiB by default; CONNECT may hold a JWT). */
const longestLine = 1 << 20;

/**
Reads what a client sends, over any chunks: the subjects that it publishes and subscribes to. Payloads are skipped
and never looked at, so that one that looks like a command is none.
https://docs.nats.io/reference/reference-protocols/nats-protocol
*/
export class NatsParser {
	/** A line that is not whole yet. */
	#rest = Buffer.alloc(0);
	/** Bytes of a payload, with its end of line, that are still to come. */
	#skip = 0;

	/** @throws an Error where a line is longer than any server takes, or is none of the protocol. */
	push(chunk: Buffer): NatsRequest[] {
		const requests: NatsRequest[] = [];
		let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		for (;;) {
			if (this.#skip > 0) {
				const skipped = Math.min(this.#skip, data.length);
				this.#skip -= skipped;
				data = data.subarray(skipped);
			}
			const end = data.indexOf('\r\n');
			if (end < 0) {
				break;
			}
			const request = this.#line(data.toString('latin1', 0, end));
			data = data.subarray(end + 2);
			if (request) {
				requests.push(request);
			}
		}
		if (data.length > longestLine) {
			throw new Error('A line of the NATS protocol without an end.');
		}
		this.#rest = Buffer.from(data);
		return requests;
	}

	#line(line: string): NatsRequest | undefined {
		const [verb = '', ...words] = line.split(/[ \t]+/);
		switch (verb.toUpperCase()) {
			case 'PUB': {
				const bytes = Number(words.at(-1));
				this.#skip = bytes + 2;
				return {
					verb: 'PUB',
					subject: words[0]!,
					...(words.length === 3 ? {reply: words[1]!} : {}),
					bytes,
				};
			}
			case 'HPUB': {
				const bytes = Number(words.at(-1));
				this.#skip = bytes + 2;
				return {
					verb: 'HPUB',
					subject: words[0]!,
					...(words.length === 4 ? {reply: words[1]!} : {}),
					bytes,
				};
			}
			case 'SUB':
				return {verb: 'SUB', subject: words[0]!};
			case 'CONNECT':
			case 'PING':
			case 'PONG':
			case 'UNSUB':
				return undefined;
			default:
				throw new Error(`Not of the NATS protocol: ${JSON.stringify(line.slice(0, 80))}`);
		}
	}
}
