import type {ContainerFacts} from '../../state/observation.ts';
import type {CheckResult} from '../../state/run.ts';
import type {ServerAnswer} from '../../state/server-answer.ts';
import type {ReadContext} from '../context.ts';

/**
Whether the servers that answer are those in the containers: a run that acts on another one acts on another deployment.
Never throws.
*/
export async function checkIdentity(
	{deployment, signal}: Pick<ReadContext, 'deployment' | 'signal'>,
	services: readonly ContainerFacts[],
): Promise<CheckResult[]> {
	if (services.length === 0) {
		return [];
	}
	const answers = await deployment.server.identity(services, signal);
	if (answers.every(({is}) => is !== 'other')) {
		return judgeIdentity(answers);
	}
	// A container that ends and a port that is freed are seen one after the other.
	const now = await deployment.engine.containers().catch(() => services);
	return judgeIdentity(await deployment.server.identity(now, signal));
}

/** What the answers mean for a run: another server stops it; one that cannot be confirmed is said. Pure. */
export function judgeIdentity(answers: readonly ServerAnswer[]): CheckResult[] {
	const name = 'server';
	const others = answers.filter(({is}) => is === 'other');
	if (others.length > 0) {
		// One server mostly answers at both of its ports.
		const first = new Map(others.toReversed().map((other) => [`${other.serverId} ${other.service}`, other]));
		return [...first.values()].toReversed().map(({address, why, advice}) => ({
			name,
			ok: false,
			evidence: `${address} is answered by another server, so no runbook runs on it: ${why}. ${advice === undefined ? 'Correct the address' : sentence(advice)}.`,
		}));
	}
	const unknown = answers.filter(({is}) => is === 'unknown');
	const evidence =
		unknown.length > 0
			? unknown.map(({address, service, why}) => `could not confirm that ${address} is ${service}: ${why}`)
			: answers.filter(({port}) => port === 'url').map(({address, why}) => `${address}: ${why}`);
	const advice = [...new Set(unknown.flatMap((one) => one.advice ?? []))].map((one) => `. ${sentence(one)}.`);
	return evidence.length === 0
		? []
		: [{name, ok: true, evidence: `${evidence.join('; ')}${advice.join('')}`}];
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
