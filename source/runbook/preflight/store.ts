import type {StoreDisk} from '../../deployment/deployment.ts';
import {leastFreeBytes} from '../../state/disk.ts';
import type {CheckResult} from '../../state/run.ts';
import {formatBytes} from '../../text/bytes.ts';
import type {Needs} from '../needs.ts';

/** What is known of the server's store before anything is touched. */
export type StoreFacts = {
	/** The disk that it is on; a sentence's end where it could not be measured. */
	disk: StoreDisk;
	/** What the server says of its own store; undefined where it says nothing. */
	server?: {usedBytes: number; limitBytes: number} | undefined;
	/** What /healthz complains of. */
	healthError?: string | undefined;
};

export const saysNoSpace = (error: string | undefined): boolean => /no space left/i.test(error ?? '');

/**
Whether the server took its limit from a full disk when it started: without a configured limit it takes three quarters of the
free space and what it holds (docs/facts.md). A limit of 0 means that it counted the free space alone.
*/
export const startedOnFullDisk = ({
	usedBytes,
	limitBytes,
}: {
	usedBytes: number;
	limitBytes: number;
}): boolean =>
	usedBytes > 0 && limitBytes <= usedBytes * 0.76 && (limitBytes === 0 || limitBytes >= usedBytes * 0.74);

/**
Whether the store has room for what the steps do, and else in which order to go on: on a full disk space is freed
first, then the server is restarted, and only then purged. A purge after a restart on a full disk hangs the stream,
and publishing stays broken after space was freed until a restart (docs/facts.md).
*/
export function judgeStore(facts: StoreFacts, needs: Needs): CheckResult[] {
	const {disk, server, healthError} = facts;
	if (!needs.restartsServer && needs.purge === undefined) {
		return [];
	}
	const name = 'room in the store';
	const order = 'Free space there, then run restart (R), then this: a purge on a full disk hangs the stream';
	const isKnown = 'path' in disk;
	const full = isKnown && disk.freeBytes < leastFreeBytes(disk.totalBytes);
	const free = isKnown
		? `${formatBytes(disk.freeBytes)} of ${formatBytes(disk.totalBytes)} free at ${disk.path}`
		: `the disk could not be measured (${disk.unknown})`;
	if (full) {
		const next = needs.restartsServer
			? 'Free space there first, then run this: a server that starts on a full disk hangs at its next purge'
			: order;
		return [{name, ok: false, evidence: `The disk of the store is full: ${free}. ${next}.`}];
	}
	if (saysNoSpace(healthError)) {
		return needs.restartsFirst
			? [
					{
						name,
						ok: true,
						evidence: isKnown
							? `${free}; /healthz still says that there was no space left, which the restart mends`
							: `${free}, and /healthz says that there is no space left: FREE SPACE FIRST, or the server hangs at its next purge`,
					},
				]
			: [
					{
						name,
						ok: false,
						evidence: isKnown
							? `The server met a full disk and stays broken until it is restarted, although there is space again (${free}). Run restart (R) first, then this.`
							: `The server says that the disk of its store is full, and ${free}. ${order}.`,
					},
				];
	}
	if (!isKnown && server && startedOnFullDisk(server) && !needs.restartsFirst) {
		return [
			{
				name,
				ok: false,
				evidence: `The server started on a full disk: it holds ${formatBytes(server.usedBytes)} and gave itself a limit of ${formatBytes(server.limitBytes)}, and ${free}. ${order}.`,
			},
		];
	}
	const used = server
		? `, the server holds ${formatBytes(server.usedBytes)} of ${formatBytes(server.limitBytes)}`
		: '';
	return [{name, ok: true, evidence: `${free}${used}`}];
}
