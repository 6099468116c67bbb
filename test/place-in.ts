import {execFileSync} from 'node:child_process';
import {dockerEndpoint} from '../source/clients/docker/endpoint.ts';
import {titan} from '../source/config/titan.ts';
import {rootOf} from '../source/records/identity.ts';
import {type Place, placeAt} from '../source/records/place.ts';

const {project} = titan.docker;
let known: string | undefined;

/** The ID of the lab's engine, asked for when it is first needed: who only imports this may be outside of a lab. */
function engineId(): string {
	known ??= execFileSync('docker', ['info', '--format', '{{.ID}}'], {encoding: 'utf8'}).trim();
	return known;
}

/** Where the records of the lab's deployment are in a state folder, as `XDG_STATE_HOME` names it. Runs inside `lab exec`. */
export const placeIn = (state: string): Place => placeUnder(`${state}/jetmedic`);

/** The same in a folder that `--state-dir` names. Whoever makes it writes down whose it is, as a console does. */
export function placeUnder(folder: string): Place {
	const engine = engineId();
	return placeAt(rootOf(folder, engine, project), {
		project,
		deployment: titan.deployment,
		endpoint: dockerEndpoint(titan.docker, process.env).describe,
		engine,
		isConfirmed: true,
	});
}
