import type {RunbookSpec} from './runbook-schema.ts';

/** Those of the runbook "NATS Partition Recovery" (docs/runbook.md), by its chapters, in the form of every other one. */
export const builtInRunbooks: readonly RunbookSpec[] = [
	// "If NATS Container Down"
	{
		id: 'restart',
		key: 'R',
		title: 'restart {server}',
		label: 'restart',
		about: 'restart {server}, wait for all services, verify',
		steps: [{restart: 'server'}, {waitFor: 'server'}, {waitFor: 'endpoints'}, {verify: true}],
	},
	// "If Storage Pressure"
	{
		id: 'purge',
		key: 'P',
		title: 'purge {stream}, keep {keep}',
		label: 'purge, keep {keep}',
		about: 'back up what goes, keep the newest {keep}, verify',
		steps: [{backup: true}, {purge: true}, {verify: true}],
	},
	// "If Stream Corrupted"
	{
		id: 'recover',
		key: 'F',
		title: 'full recovery of {stream}',
		label: 'full recovery',
		about: 'stops the services, backs up, purges {stream}, starts everything again, verifies',
		steps: [
			// Before the backup: what a producer sent after it would be purged and be in no backup.
			{stop: 'clients'},
			// A stream that the server lost only its record of gets its messages back, and is not purged.
			{readopt: true},
			{backup: true},
			{purge: {keep: 'nothing'}},
			{recreate: true},
			{start: 'all'},
			{waitFor: 'endpoints'},
			{verify: true},
		],
	},
	// What the runbook has no gentler word for than "purge and recreate": only the consumer is gone.
	{
		id: 'recreate',
		key: 'C',
		title: 'recreate {consumer}',
		label: 'recreate consumer',
		about:
			'create {consumer} again where it stopped, or move it where it is ahead of its stream; removes no message',
		steps: [{recreate: 'consumer'}, {waitFor: 'endpoints'}, {verify: true}],
	},
];

/** The name of what finishes an unfinished run: made for each, so it is not in the list. */
export const resumeId = 'resume';

/** Upper-case keys of the console that are no runbook's: see ui/keys/bindings.ts. */
export const reservedKeys = ['G', 'N', 'S', 'U', 'X'] as const;

/** All runbooks of a deployment: the built-in ones, then the operator's own. */
export const allRunbooks = ({runbooks}: {runbooks: readonly RunbookSpec[]}): RunbookSpec[] => [
	...builtInRunbooks,
	...runbooks,
];
