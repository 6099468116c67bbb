import {chmod, chown, mkdir, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {loadConfig} from '../../source/config/load.ts';
import {canBecome} from '../able.ts';
import {tempFolder} from './temp.ts';

const load = (cwd: string, path?: string) =>
	loadConfig({cwd, path, env: {HOME: join(cwd, 'home')}}).then(({source}) => source);

describe('a configuration file that others can change', () => {
	const places: [string, string, string | undefined][] = [
		['in the working folder', 'jetmedic.yaml', undefined],
		['of --config', 'other/mine.yaml', 'other/mine.yaml'],
		['of XDG_CONFIG_HOME', 'home/.config/jetmedic/config.yaml', undefined],
	];

	it.each(places)('is used while nobody else can, %s', async (_where, file, given) => {
		const cwd = await tempFolder({[file]: 'keep: 2\n'});
		expect(await load(cwd, given)).toBe(join(cwd, file));
	});

	it.each(places)('is refused with the reason and what to do, %s', async (_where, file, given) => {
		const cwd = await tempFolder({[file]: 'escalation: {command: [touch, owned]}\n'});
		await chmod(join(cwd, file), 0o666);
		await expect(load(cwd, given)).rejects.toThrow(
			`${file} is not used. ${join(cwd, file)} can be changed by every user (mode 0666). Run \`chmod o-w ${join(cwd, file)}\` if nobody else should. Or name another file with --config.`,
		);
	});

	it('is refused in a folder that others can write, also through a link', async () => {
		const cwd = await tempFolder({'shared/jetmedic.yaml': 'keep: 2\n'});
		await chmod(join(cwd, 'shared'), 0o777);
		await mkdir(join(cwd, 'own'));
		await symlink('../shared/jetmedic.yaml', join(cwd, 'own', 'jetmedic.yaml'));
		for (const folder of ['shared', 'own']) {
			await expect(load(join(cwd, folder)), folder).rejects.toThrow(`${cwd}/shared on the way to`);
		}
	});

	it.runIf(canBecome)("is refused to root if it is another user's", async () => {
		const cwd = await tempFolder({'jetmedic.yaml': 'keep: 2\n'});
		await chown(join(cwd, 'jetmedic.yaml'), 54_321, 54_321);
		await expect(load(cwd)).rejects.toThrow('belongs to uid 54321, and not to root.');
	});
});

describe('a file that the configuration names', () => {
	const of = (nats: string) => `nats: {service: titan-nats, ${nats}}\n`;

	it.each([
		['escalation: {command: [./file]}\n', 'escalation.command'],
		['runbooks: [{id: own, title: t, steps: [{run: [./file, x]}]}]\n', 'runbooks[0].steps[0].run'],
		[of('creds: file'), 'nats.creds'],
		[of('nkey: file'), 'nats.nkey'],
		[of('system: {creds: file}'), 'nats.system.creds'],
		[of('tls: {ca: file}'), 'nats.tls.ca'],
		[of('tls: {cert: file, key: file}'), 'nats.tls.key'],
	])('is refused if others can change it: %s', async (text, path) => {
		const cwd = await tempFolder({'jetmedic.yaml': text, file: ''});
		expect(await load(cwd)).toBe(join(cwd, 'jetmedic.yaml'));
		await chmod(join(cwd, 'file'), 0o777);
		const error = await load(cwd).catch((reason: Error) => reason.message);
		expect(error).toContain(`${path}: ${cwd}/file can be changed by every user`);
		expect(error).toMatch(/^jetmedic\.yaml:1: /);
	});
});
