import {symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {locateConfig} from '../../source/config/locate.ts';
import {tempFolder} from './temp.ts';

test('the file of --config goes before all others, relative to the working folder', async () => {
	const cwd = await tempFolder({'jetmedic.yaml': '', 'other/a.yaml': ''});
	expect(await locateConfig({path: 'other/a.yaml', cwd, env: {}})).toBe(join(cwd, 'other/a.yaml'));
});

test('a leading ~ of --config is the home folder', async () => {
	const home = await tempFolder({'a.yaml': ''});
	expect(await locateConfig({path: '~/a.yaml', cwd: '/', env: {HOME: home}})).toBe(join(home, 'a.yaml'));
});

test('a file of --config that does not exist is an error that names it', async () => {
	const cwd = await tempFolder({'jetmedic.yaml': ''});
	await expect(locateConfig({path: 'nope.yaml', cwd, env: {}})).rejects.toThrow(
		/^--config: cannot read nope\.yaml: there is no such file\.$/,
	);
	await expect(locateConfig({path: '', cwd, env: {}})).rejects.toThrow(
		'--config: expected the path of a file, got nothing.',
	);
});

test('in the working folder jetmedic.yaml goes before jetmedic.yml, and both before the home folder', async () => {
	const home = await tempFolder({'.config/jetmedic/config.yaml': ''});
	const env = {HOME: home};
	const both = await tempFolder({'jetmedic.yaml': '', 'jetmedic.yml': ''});
	const short = await tempFolder({'jetmedic.yml': ''});
	const none = await tempFolder();
	expect(await locateConfig({cwd: both, env})).toBe(join(both, 'jetmedic.yaml'));
	expect(await locateConfig({cwd: short, env})).toBe(join(short, 'jetmedic.yml'));
	expect(await locateConfig({cwd: none, env})).toBe(join(home, '.config/jetmedic/config.yaml'));
});

test('XDG_CONFIG_HOME takes the place of ~/.config, unless it is relative', async () => {
	const home = await tempFolder({'.config/jetmedic/config.yaml': ''});
	const xdg = await tempFolder({'jetmedic/config.yaml': ''});
	const cwd = await tempFolder({'rel/jetmedic/config.yaml': ''});
	expect(await locateConfig({cwd, env: {HOME: home, XDG_CONFIG_HOME: xdg}})).toBe(
		join(xdg, 'jetmedic/config.yaml'),
	);
	expect(await locateConfig({cwd, env: {HOME: home, XDG_CONFIG_HOME: 'rel'}})).toBe(
		join(home, '.config/jetmedic/config.yaml'),
	);
});

test('without any file there is none', async () => {
	const cwd = await tempFolder();
	expect(await locateConfig({cwd, env: {HOME: cwd}})).toBeUndefined();
});

test('a dangling link is not silently the built-in profile', async () => {
	const cwd = await tempFolder();
	await symlink(join(cwd, 'gone.yaml'), join(cwd, 'jetmedic.yaml'));
	expect(await locateConfig({cwd, env: {HOME: cwd}})).toBe(join(cwd, 'jetmedic.yaml'));
});
