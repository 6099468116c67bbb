import type {Mutant} from './mutant.ts';
import {backups} from './table/backup.ts';
import {clock} from './table/clock.ts';
import {containers} from './table/containers.ts';
import {identity} from './table/identity.ts';
import {journal} from './table/journal.ts';
import {oneAtATime} from './table/lock.ts';
import {loss} from './table/loss.ts';
import {order} from './table/order.ts';
import {preflight} from './table/preflight.ts';
import {proof} from './table/proof.ts';
import {onePurge} from './table/purge.ts';
import {questions} from './table/questions.ts';
import {readOnly} from './table/read-only.ts';
import {recreated} from './table/recreated.ts';
import {strands} from './table/strands.ts';
import {survives} from './table/survives.ts';
import {unread} from './table/unread.ts';
import {unrecovered} from './table/unrecovered.ts';

/** All mutants, in the order of the promises in the readme. */
export const mutants: Mutant[] = [
	...survives,
	...strands,
	...oneAtATime,
	...containers,
	...identity,
	...preflight,
	...loss,
	...backups,
	...onePurge,
	...unrecovered,
	...recreated,
	...order,
	...proof,
	...journal,
	...clock,
	...readOnly,
	...questions,
	...unread,
];
