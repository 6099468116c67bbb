import {createHash} from 'node:crypto';
import type {Config} from './schema.ts';

/** A short name of a configuration as a whole: a run that reads another one than its console did must not start. */
export const fingerprint = (config: Config): string =>
	createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 16);
