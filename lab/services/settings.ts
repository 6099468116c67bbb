/** The four stand-ins. */
export const ROLES = ['brain', 'execution', 'scavenger', 'sentinel'] as const;
/** One of the four stand-ins. */
export type Role = (typeof ROLES)[number];

/** The names the runbook uses. */
export const STREAM = 'TITAN_INTENTS';
/** The durable consumer of titan-execution. */
export const DURABLE = 'execution-consumer';
/** Messages on this subject are never acknowledged: execution gives each back, again and again. */
export const POISON = 'titan.intents.poison';

/** The port each service listens on inside and outside its container; the scavenger has none. */
export const PORTS: Partial<Record<Role, number>> = {brain: 3100, execution: 8081, sentinel: 3002};

/** A text setting from the environment. */
export function text(name: string, otherwise: string): string {
	return process.env[name] || otherwise;
}

/** A number from the environment; anything that is no number counts as not set. */
export function number(name: string, otherwise: number): number {
	const value = Number(process.env[name] || Number.NaN);
	return Number.isFinite(value) ? value : otherwise;
}
