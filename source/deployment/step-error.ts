/** Why a step of a run cannot go on, as a sentence for the operator. */
export class StepError extends Error {
	override name = 'StepError';
}
