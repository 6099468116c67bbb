import {stepShape} from '../../config/runbook-schema.ts';
import type {StepKind} from '../step.ts';
import {waitEndpointsStep} from './wait-endpoints.ts';
import {waitRunningStep} from './wait-running.ts';
import {waitServerStep} from './wait-server.ts';

/** `waitFor: server`, `waitFor: endpoints`, `waitFor: [api]` */
export const waitForKind: StepKind<'waitFor'> = {
	key: 'waitFor',
	schema: stepShape.waitFor,
	needs: () => ({}),
	make(what, {withinMs, bringsBackLater}) {
		switch (what) {
			case 'server':
				return waitServerStep(withinMs, bringsBackLater);
			case 'endpoints':
				return waitEndpointsStep(withinMs);
			default:
				return waitRunningStep(what, withinMs);
		}
	},
};
