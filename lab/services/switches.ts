import {readdirSync, rmSync} from 'node:fs';

/** What a fault can switch on in a service: a file of this name in its container. */
export type Switch =
	// all
	| 'create-nothing'
	| 'flood'
	| 'hostile'
	// publishers
	| 'silent'
	| 'burst'
	// pages
	| 'page-off'
	| 'page-hangs'
	| 'page-garbage'
	| 'page-huge'
	| 'page-slow'
	| 'says-unhealthy'
	// execution
	| 'stall'
	| 'pull-nothing'
	| 'one-by-one'
	| 'off-the-line'
	| 'memory'
	| 'memory-over'
	// sentinel
	| 'figures-frozen'
	| 'figures-wrong';

/** The folder of the switches; the lab makes and removes files in it with `docker exec`. */
export const SWITCHES = '/tmp/switches';
const EVERY_MS = 100;

let on = new Set<string>();
const listeners = new Map<Switch, (isOn: boolean) => void>();

/** Begins to look at the switches. All are off after a start, so a restart mends what a switch broke. */
export function watchSwitches(): void {
	rmSync(SWITCHES, {recursive: true, force: true});
	setInterval(() => {
		const before = on;
		on = new Set(read());
		for (const [name, listener] of listeners) if (on.has(name) !== before.has(name)) listener(on.has(name));
	}, EVERY_MS);
}

/** Whether a switch is on. */
export const isOn = (name: Switch): boolean => on.has(name);

/** Calls back each time the switch is turned on or off. */
export function onSwitch(name: Switch, listener: (isOn: boolean) => void): void {
	listeners.set(name, listener);
}

function read(): string[] {
	try {
		return readdirSync(SWITCHES);
	} catch {
		// none was ever turned on
		return [];
	}
}
