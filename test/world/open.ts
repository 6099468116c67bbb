import type {Config} from '../../source/config/schema.ts';
import type {Deployment} from '../../source/deployment/deployment.ts';
import type {Lock} from '../../source/lock/lock.ts';
import type {Records} from '../../source/records/records.ts';
import type {RunState} from '../../source/state/run.ts';
import {openWorldDeployment} from './deployment.ts';
import {openWorldLock} from './lock.ts';
import {type Fates, Port} from './port.ts';
import {openWorldRecords} from './records.ts';
import {unfinishedRun} from './unfinished.ts';
import type {World} from './world.ts';

/** A process with its ports: what a console or a run is made of. */
export type Process = {
	port: Port;
	deployment: Deployment;
	records: Records;
	lock: Lock;
	/** The run that was killed and that nothing has finished, as this process would find it. */
	unfinished(): Promise<RunState | undefined>;
};

export type Opened = {
	name: string;
	config: Config;
	/** Where its state folder is: two operators may share one. */
	folder: string;
	host: string;
	fates: Fates;
	readOnly?: boolean;
};

/** Opens the world for one process. */
export function open(world: World, {name, config, folder, host, fates, readOnly = false}: Opened): Process {
	const port = new Port(world, {name, host, fates});
	return {
		port,
		deployment: openWorldDeployment(port, config, world.folder(folder), readOnly),
		records: openWorldRecords(port, world.folder(folder)),
		lock: openWorldLock(port, world.folder(folder)),
		unfinished: () => unfinishedRun(port, world.folder(folder)),
	};
}
