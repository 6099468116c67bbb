import type {Engine} from '../engine/types.ts';
import type {Place} from '../place.ts';
import type {Progress} from '../progress.ts';
import type {Topology} from '../project/topology.ts';

/** What a fault works on. */
export type Scene = {place: Place; engine: Engine; progress: Progress};

/** One thing that can go wrong with the deployment. */
export type Fault = {
	name: string;
	/** One line: what happens and how it shows. */
	summary: string;
	/** Which form of the lab it can be made on. */
	topology: Topology | 'any';
	/** Makes it happen; ends when it has happened. */
	break(scene: Scene): Promise<void>;
	/**
	 * Undoes it from any state; does nothing when there is nothing to undo. Faults that are undone in the same way
	 * share one function, which then runs once.
	 */
	mend: (scene: Scene) => Promise<void>;
	/** Undone before Compose is asked for what is missing: it waits for the server's health. */
	early?: true;
};
