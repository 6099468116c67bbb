import {readFile, stat} from 'node:fs/promises';
import {ConfigError} from './error.ts';
import {describeFileFault} from './fault.ts';

/** Bytes of the largest configuration file that is read. */
export const maxConfigBytes = 1024 * 1024;

/**
The text of a configuration file.

@param label - How messages name the file.
@throws ConfigError where it cannot be read, is no regular file, is larger than 1 MiB, or is not UTF-8 text.
*/
export async function readConfigFile(path: string, label: string): Promise<string> {
	const bytes = await readBytes(path, label);
	try {
		return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
	} catch (error) {
		throw new ConfigError(`${label}: the file is not UTF-8 text.`, {cause: error});
	}
}

async function readBytes(path: string, label: string): Promise<Uint8Array> {
	let size: number;
	try {
		// Before it is opened: to open a pipe waits for its writer, for ever and beyond the reach of an abort.
		const found = await stat(path);
		if (!found.isFile()) {
			const kind = found.isDirectory() ? 'a directory' : 'not a regular file';
			throw new ConfigError(`${label}: it is ${kind}; the configuration must be a YAML file.`);
		}
		size = found.size;
		if (size <= maxConfigBytes) {
			const bytes = await readFile(path);
			// A file under /proc has size 0 whatever it holds.
			size = bytes.length;
			if (size <= maxConfigBytes) {
				return bytes;
			}
		}
	} catch (error) {
		if (error instanceof ConfigError) {
			throw error;
		}
		throw new ConfigError(`${label}: cannot read the file: ${describeFileFault(error)}.`, {cause: error});
	}
	throw new ConfigError(`${label}: the file has ${size} bytes; more than 1 MiB is no configuration.`);
}
