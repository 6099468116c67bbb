import {NoAnswerError} from '../../source/deployment/jetstream.ts';
import type {JournalEvent} from '../../source/records/event.ts';
import type {World} from './world.ts';

/** What a process asks of the world. */
export type Call = {
	/** Which call of this process it is, from 1 on. */
	index: number;
	to: 'engine' | 'nats' | 'http' | 'disk' | 'lock';
	what: string;
	/** It changes something. */
	changes: boolean;
};

/** What becomes of a call. */
export type Fate =
	/** It is answered; `ms` is its whole way, there and back. */
	| {kind: 'answer'; ms: number}
	/** It is refused, and does nothing. */
	| {kind: 'refused'; ms: number}
	/** It acts, and its answer is lost: an error comes in its place. */
	| {kind: 'lost'; ms: number}
	/** It is the last thing that the process does. `before`: it is never sent. `after`: it acts. `torn`: half a line is on disk. */
	| {kind: 'kill'; when: 'before' | 'after' | 'torn'};

export type Fates = (call: Call) => Fate;

/** What a dead process would go on with: nobody may catch it and act, so whatever it calls next throws it again. */
export class Killed extends Error {
	override name = 'Killed';
}

/** The answer of the world to a call. */
export type Reply<T> = {
	ok(value: T, afterMs?: number): void;
	fail(error: Error, afterMs?: number): void;
};

export type Ask<T> = Omit<Call, 'index'> & {
	/** What it does when it gets there. It may answer later, or never. */
	act(reply: Reply<T>): void;
	/** After which the caller gives up; it is told so by an error. */
	timeoutMs?: number;
	/** What stands for an error, where the call never throws. */
	otherwise?(error: Error): T;
};

const never = <T>(): Promise<T> => new Promise(() => {});

/** One process: its way to the world, which may be cut at every call. */
export class Port {
	readonly name: string;
	/** Two of one host know each other's processes. */
	readonly host: string;
	readonly pid: number;
	readonly world: World;
	isAlive = true;
	/** The run that it is, and its journal's lines as they are on disk. */
	run: string | undefined;
	lines: JournalEvent[] = [];
	calls = 0;
	/** The engine could not hold its lock: its run says that others are not kept out. */
	isUnlocked = false;
	/** When it was last answered what a stream holds. */
	lookedAt = 0;
	/** Until then the process is stopped (SIGSTOP): it hears nothing. */
	frozenUntil = 0;
	frozenSince = 0;
	#fates: Fates;

	constructor(world: World, {name, host, fates}: {name: string; host: string; fates: Fates}) {
		this.world = world;
		this.name = name;
		this.host = host;
		this.pid = 1000 + world.ports.length;
		this.#fates = fates;
		world.ports.push(this);
	}

	kill(why = 'is killed'): void {
		if (this.isAlive) {
			this.isAlive = false;
			this.world.tell(this.name, why);
		}
	}

	/** @throws Killed when the process is dead. */
	check(): void {
		if (!this.isAlive) {
			throw new Killed(`${this.name} is dead`);
		}
	}

	/** Stops the process for a while, as SIGSTOP does: its answers wait. */
	freeze(ms: number): void {
		this.frozenSince = this.world.now();
		this.frozenUntil = this.world.now() + ms;
		this.world.tell(this.name, `stands still for ${ms} ms`);
	}

	/** Whether its heart beats: others hear nothing of one that stands still for long. */
	beats(): boolean {
		const {world} = this;
		return this.isAlive && !(world.now() < this.frozenUntil && world.now() - this.frozenSince > 10_000);
	}

	/** Does something after a while, if the process lives then. */
	later(ms: number, work: () => void): void {
		this.world.time.after(ms, () => {
			if (!this.isAlive) {
				return;
			}
			const waits = this.frozenUntil - this.world.now();
			if (waits > 0) {
				this.later(waits, work);
			} else {
				work();
			}
		});
	}

	ask<T>({act, timeoutMs, otherwise, ...given}: Ask<T>): Promise<T> {
		if (!this.isAlive) {
			return never();
		}
		const call: Call = {index: ++this.calls, ...given};
		const fate = this.#fates(call);
		const {world} = this;
		const where = `${call.to} ${call.what}`;
		if (fate.kind === 'kill' && fate.when !== 'after') {
			this.kill(`is killed before ${where}`);
			return never();
		}
		return new Promise<T>((resolve, reject) => {
			let isSettled = false;
			const settle = (ms: number, work: () => void): void => {
				this.later(ms, () => {
					if (!isSettled) {
						isSettled = true;
						work();
					}
				});
			};
			// Made only if it is needed: a stack costs more than the call.
			const fail = (makeError: () => Error, ms: number): void =>
				settle(ms, () => (otherwise ? resolve(otherwise(makeError())) : reject(makeError())));
			const ms = fate.kind === 'kill' ? 2 : fate.ms;
			const notable = call.changes || fate.kind !== 'answer';
			if (notable) {
				world.tell(this.name, `${where}${fate.kind === 'answer' ? '' : ` (${fate.kind})`}`);
			}
			if (fate.kind === 'refused') {
				fail(() => refusal(call), ms);
				return;
			}
			const half = ms / 2;
			world.time.after(half, () => {
				world.settle();
				act({
					ok: (value, afterMs = 0) =>
						fate.kind === 'lost'
							? fail(() => lost(call), afterMs + half)
							: settle(afterMs + half, () => resolve(value)),
					fail: (error, afterMs = 0) => fail(() => error, afterMs + half),
				});
				if (fate.kind === 'kill') {
					this.kill(`is killed after ${where}`);
				}
			});
			if (timeoutMs !== undefined) {
				fail(() => lost(call), timeoutMs);
			}
		});
	}

	/**
	Writes a line of the journal: it is on disk when this returns.

	@throws Killed when the process dies there.
	*/
	writeLine(event: JournalEvent, write: () => void): void {
		this.check();
		const what = event.event === 'step' ? `step ${event.step} ${event.status}` : event.event;
		const fate = this.#fates({index: ++this.calls, to: 'disk', what: `line ${what}`, changes: true});
		if (fate.kind === 'kill') {
			if (fate.when === 'after') {
				write();
			}
			this.kill(`is killed ${fate.when === 'torn' ? 'in' : fate.when} the line ${what}`);
			throw new Killed(this.name);
		}
		if (fate.kind === 'refused') {
			this.world.tell(this.name, `cannot write the line ${what}`);
			throw new Error('ENOSPC: no space left on device, write');
		}
		write();
		if (event.event !== 'progress') {
			const said = 'text' in event && event.text ? `: ${event.text}` : '';
			const error =
				event.event === 'finished' ? ` ${event.result}${event.error ? `: ${event.error}` : ''}` : '';
			this.world.tell(this.name, `writes ${what}${error}${said}`);
		}
	}
}

const refusal = ({to, what}: Call): Error => {
	switch (to) {
		case 'nats':
			return new NoAnswerError(what, 'no-responders');
		case 'disk':
			return new Error('ENOSPC: no space left on device');
		default:
			return Object.assign(new Error(`(HTTP code 500) server error - ${what} failed`), {statusCode: 500});
	}
};

/** What the caller hears where no answer comes. */
const lost = ({to, what}: Call): Error =>
	to === 'nats'
		? new NoAnswerError(what, 'timeout')
		: Object.assign(new Error('socket hang up'), {code: 'ECONNRESET'});

/** What the client of an engine says that is not there. */
export const unreachable = (): Error =>
	Object.assign(new Error('connect ECONNREFUSED /var/run/docker.sock'), {code: 'ECONNREFUSED'});
