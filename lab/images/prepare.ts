import {realpathSync} from 'node:fs';
import {OFFICIAL} from '../engine/foreign.ts';
import {cachedPackages} from '../engine/packages.ts';
import {treeFiles} from '../engine/tree.ts';
import type {Engine} from '../engine/types.ts';
import type {Place} from '../place.ts';
import type {Progress} from '../progress.ts';
import {LabError} from '../run.ts';
import {importProgram} from './base.ts';
import {buildServices} from './services.ts';

/** The images the project runs on: imported ones on a private engine, the official ones elsewhere. */
export function imagesOf(engine: Engine): {nats: string; node: string} {
	return engine.kind === 'private'
		? {nats: 'jetmedic-lab/nats:local', node: 'jetmedic-lab/node:local'}
		: OFFICIAL;
}

/**
 * Gives the engine every image the project needs.
 * @throws LabError when one cannot be made
 */
export async function prepareImages(place: Place, engine: Engine, progress: Progress): Promise<void> {
	const images = imagesOf(engine);
	if (engine.kind === 'private') {
		const packages = cachedPackages(place);
		if (!packages)
			throw new LabError(
				'The unpacked packages vanished from the cache: run "npm run lab -- down", then "up".',
			);
		const {nats, busybox} = treeFiles(packages.folder);
		if (await importProgram(engine, images.nats, nats, 'nats-server', busybox))
			progress(`image ${images.nats} imported`);
		const node = realpathSync(process.execPath);
		if (await importProgram(engine, images.node, node, 'node', busybox))
			progress(`image ${images.node} imported`);
	}
	if (await buildServices(engine, images.node)) progress('image of the services built');
}
