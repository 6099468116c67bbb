import Dockerode from 'dockerode';
import {rootOf} from '../source/records/identity.ts';
import {type Place, placeAt} from '../source/records/place.ts';

const {ID: engine} = (await new Dockerode().info()) as {ID: string};

/** Where the records of the lab's deployment are in a state folder, as `XDG_STATE_HOME` names it. Runs inside `lab exec`. */
export const placeIn = (state: string): Place => placeUnder(`${state}/jetmedic`);

/** The same in a folder that `--state-dir` names. */
export const placeUnder = (folder: string): Place => placeAt(rootOf(folder, engine, 'titan'));
