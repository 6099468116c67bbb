import {createHash} from 'node:crypto';
import {copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import type {Engine} from '../engine/types.ts';
import {must} from '../run.ts';
import {imageSum, SUM_LABEL} from './base.ts';

/** The image of the four stand-in services; the compose file names it too. */
export const SERVICES_IMAGE = 'jetmedic-lab/services:local';

const folder = fileURLToPath(new URL('../services/', import.meta.url));

/**
 * Bundles the stand-in services and builds their image on top of `nodeImage`, unless the engine has it already.
 * @returns true when the image was built, false when it was up to date
 * @throws when the services do not compile; LabError when the engine refuses the build
 */
export async function buildServices(engine: Engine, nodeImage: string): Promise<boolean> {
	const bundle = await bundleServices();
	const base = await must(
		`Looking for the image ${nodeImage}`,
		'docker',
		['image', 'inspect', '-f', '{{.Id}}', nodeImage],
		{
			env: engine.env,
		},
	);
	const sum = createHash('sha256')
		.update(bundle)
		.update(readFileSync(join(folder, 'Dockerfile')))
		.update(base)
		.digest('hex')
		.slice(0, 16);
	if ((await imageSum(engine, SERVICES_IMAGE)) === sum) return false;
	const context = mkdtempSync(join(tmpdir(), 'jetmedic-lab-services-'));
	try {
		mkdirSync(join(context, 'dist'));
		writeFileSync(join(context, 'dist', 'titan.cjs'), bundle);
		copyFileSync(join(folder, 'Dockerfile'), join(context, 'Dockerfile'));
		const args = ['build', '-q', '-t', SERVICES_IMAGE, '--label', `${SUM_LABEL}=${sum}`];
		await must(
			'Building the image of the services',
			'docker',
			[...args, '--build-arg', `NODE_IMAGE=${nodeImage}`, context],
			{
				env: engine.env,
			},
		);
	} finally {
		rmSync(context, {recursive: true, force: true});
	}
	return true;
}

async function bundleServices(): Promise<Uint8Array> {
	const result = await build({
		entryPoints: [join(folder, 'main.ts')],
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node22',
		write: false,
		logLevel: 'silent',
	});
	return result.outputFiles[0]?.contents ?? new Uint8Array();
}
