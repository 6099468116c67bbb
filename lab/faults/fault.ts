import type {Engine} from '../engine/types.ts';
import type {Place} from '../place.ts';
import type {Progress} from '../progress.ts';

/** What a fault works on. */
export type Scene = {place: Place; engine: Engine; progress: Progress};

/** One thing that can go wrong with the deployment. */
export type Fault = {
	name: string;
	/** One line: what happens and how it shows. */
	summary: string;
	/** Makes it happen; ends when it has happened. */
	break(scene: Scene): Promise<void>;
	/** Undoes it from any state; does nothing when there is nothing to undo. */
	mend(scene: Scene): Promise<void>;
};
