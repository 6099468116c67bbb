import type {Action} from '../../config/runbook-schema.ts';
import type {StepKind} from '../step.ts';
import {backupKind} from './backup.ts';
import {commandKind} from './command.ts';
import {purgeKind} from './purge.ts';
import {readoptKind} from './readopt.ts';
import {recreateKind} from './recreate.ts';
import {restartKind} from './restart-services.ts';
import {startKind} from './start-services.ts';
import {stopKind} from './stop-services.ts';
import {verifyKind} from './verify.ts';
import {waitForKind} from './wait-for.ts';

/** The typed vocabulary of runbooks: every kind of step, by its key. */
export const stepKinds: {[K in Action]: StepKind<K>} = {
	restart: restartKind,
	stop: stopKind,
	start: startKind,
	backup: backupKind,
	purge: purgeKind,
	readopt: readoptKind,
	recreate: recreateKind,
	waitFor: waitForKind,
	verify: verifyKind,
	run: commandKind,
};
