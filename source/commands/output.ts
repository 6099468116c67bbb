import {fstatSync, writeSync} from 'node:fs';

let failure: NodeJS.ErrnoException | undefined;

/** The first write to stdout that failed decides how the process ends; unheard, it would end it at once, with code 1. */
export function guardOutput(): void {
	process.stdout.on('error', (error) => {
		failure ??= error;
	});
	process.stderr.on('error', () => {});
}

/** Writes a result to stdout, whole; a failure is told by `endOutput`. */
export function print(text: string): void {
	if (!isFile()) {
		process.stdout.write(text, (error) => {
			failure ??= error ?? undefined;
		});
		return;
	}
	try {
		writeAll(Buffer.from(text), (bytes) => writeSync(1, bytes));
	} catch (error) {
		failure ??= error as NodeJS.ErrnoException;
	}
}

/**
Writes all of it. For a file Node makes one write(2) and does not look how much of it was taken: on a disk that becomes
full, the rest is gone without an error (seen with Node 24 on a file system of 64 KiB).

@param write - Writes some of the bytes, and says how many.
*/
export function writeAll(bytes: Uint8Array, write: (bytes: Uint8Array) => number): void {
	for (let at = 0; at < bytes.length; ) {
		at += write(bytes.subarray(at));
	}
}

/**
Waits until all output is out.

@param code - What the command ends with.
@param whenLost - What it ends with where its output could not be written.
@returns The exit code. Why is on stderr, except where the reader went away, as `head` does.
*/
export async function endOutput(code: number, whenLost: number): Promise<number> {
	// To a file each write is over when it returns; and /dev/full refuses even one of nothing.
	const lost = isFile() ? undefined : await flush(process.stdout);
	failure ??= lost ?? undefined;
	if (failure !== undefined && failure.code !== 'EPIPE') {
		process.stderr.write(`The output could not be written: ${words(failure)}.\n`);
	}
	await flush(process.stderr);
	return failure === undefined ? code : whenLost;
}

const flush = (stream: NodeJS.WriteStream): Promise<NodeJS.ErrnoException | null | undefined> =>
	new Promise((resolve) => {
		stream.write('', resolve);
	});

let file: boolean | undefined;

function isFile(): boolean {
	if (file === undefined) {
		try {
			const found = fstatSync(1);
			file = !process.stdout.isTTY && (found.isFile() || found.isCharacterDevice());
		} catch {
			file = false;
		}
	}
	return file;
}

const reasons: Record<string, string> = {
	ENOSPC: 'there is no space left on the device',
	EDQUOT: 'the disk quota is used up',
	EFBIG: 'the file would become too large',
	EIO: 'the device has an error',
	EBADF: 'stdout is closed',
};

const words = ({code, message}: NodeJS.ErrnoException): string => reasons[code ?? ''] ?? message;
