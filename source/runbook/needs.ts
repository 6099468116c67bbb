/** What a runbook touches, as its steps say. */
export type Needs = {
	/** Messages that its purge keeps; undefined where it does not purge. */
	purge: number | 'nothing' | undefined;
	/** It can bring a stream back that the server does not know. */
	recreates: boolean;
	/** It creates the watched consumer where that is gone, and does nothing to the stream. */
	recreatesConsumer: boolean;
	restartsServer: boolean;
	/** Services that it restarts, as its data names them. */
	restarts: string[];
	/** It restarts the server before it changes anything in the stream. */
	restartsFirst: boolean;
	/** It changes the stream or a consumer of it. */
	touchesStream: boolean;
	/** Services that it stops, as its data names them. */
	stops: string[];
	/** Services that it restarts or starts, likewise. */
	starts: string[];
};

/** What one step adds to that. */
export type StepNeeds = Partial<Omit<Needs, 'restartsFirst' | 'touchesStream'>>;

/** What all of these steps need, in their order. */
export const needsOfAll = (steps: readonly StepNeeds[]): Needs => ({
	// Of several purges the one that keeps least says what is lost.
	purge: steps.map(({purge}) => purge).reduce(leastKept, undefined),
	recreates: steps.some(({recreates}) => recreates),
	recreatesConsumer: steps.some(({recreatesConsumer}) => recreatesConsumer),
	restartsServer: steps.some(({restartsServer}) => restartsServer),
	restarts: steps.flatMap(({restarts}) => restarts ?? []),
	restartsFirst: restartsFirst(steps),
	touchesStream: steps.some(touchesStream),
	stops: steps.flatMap(({stops}) => stops ?? []),
	starts: steps.flatMap(({starts}) => starts ?? []),
});

function leastKept(a: Needs['purge'], b: Needs['purge']): Needs['purge'] {
	if (a === undefined || b === undefined) {
		return a ?? b;
	}
	return a === 'nothing' || b === 'nothing' ? 'nothing' : Math.min(a, b);
}

function restartsFirst(steps: readonly StepNeeds[]): boolean {
	const restart = steps.findIndex(({restartsServer}) => restartsServer);
	const change = steps.findIndex(touchesStream);
	return restart >= 0 && (change < 0 || restart < change);
}

const touchesStream = ({purge, recreates, recreatesConsumer}: StepNeeds): boolean =>
	purge !== undefined || recreates === true || recreatesConsumer === true;
