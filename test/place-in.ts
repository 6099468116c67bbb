import Dockerode from 'dockerode';
import {dockerEndpoint} from '../source/clients/docker/endpoint.ts';
import {titan} from '../source/config/titan.ts';
import {rootOf} from '../source/records/identity.ts';
import {type Place, placeAt} from '../source/records/place.ts';

const {ID: engine} = (await new Dockerode().info()) as {ID: string};
const {project} = titan.docker;

/** Where the records of the lab's deployment are in a state folder, as `XDG_STATE_HOME` names it. Runs inside `lab exec`. */
export const placeIn = (state: string): Place => placeUnder(`${state}/jetmedic`);

/** The same in a folder that `--state-dir` names. Whoever makes it writes down whose it is, as a console does. */
export const placeUnder = (folder: string): Place =>
	placeAt(rootOf(folder, engine, project), {
		project,
		deployment: titan.deployment,
		endpoint: dockerEndpoint(titan.docker, process.env).describe,
		engine,
		isConfirmed: true,
	});
