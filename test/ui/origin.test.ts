import {describe, expect, it} from 'vitest';
import {header} from '../../source/ui/panes/header.ts';
import {pageRows, pageScreen} from '../../source/ui/screens/page.ts';
import type {Origin} from '../../source/ui/types.ts';
import {findings, healthy, incident, model} from './fixture.ts';
import {rowWith, textOf} from './text.ts';

const origin: Origin = {configuration: '/srv/orders/jetmedic.yaml', engine: 'unix:///var/run/docker.sock'};
const elsewhere: Origin = {...origin, natsFrom: 'NATS_URL'};

describe('where a console looks', () => {
	const help = (from = origin) => ({...model(healthy(), {ui: {overlays: ['help']}}), origin: from});
	const detail = {
		...model(healthy(), {ui: {overlays: ['detail'], detail: {pane: 'health', id: 'nats'}}}),
		origin,
	};

	it.each([
		['the help', help()],
		['the detail of the server', detail],
	] as const)('is named in %s: the file, the server, the engine', (_, shown) => {
		const text = textOf(pageScreen(shown, 118, 34));
		expect(rowWith(text, 'configuration')).toContain('/srv/orders/jetmedic.yaml');
		expect(rowWith(text, 'NATS')).toContain('nats://127.0.0.1:4222');
		expect(rowWith(text, 'engine')).toContain('unix:///var/run/docker.sock');
		expect(rowWith(text, 'project')).toContain('titan');
	});

	it('does not push the help over the end of a screen of 120x36', () => {
		expect(pageRows(help(), 118).length).toBeLessThanOrEqual(33);
	});

	it('is the built-in profile where there is no file', () => {
		expect(textOf(pageScreen(help({...origin, configuration: 'built-in'}), 118, 34))).toMatch(
			/configuration +the built-in profile; no file was loaded/,
		);
	});

	it('is in the header where a variable took the place of the configuration, at every size', () => {
		const at = (columns: number, from: Origin) =>
			textOf([header({...model(incident(), {findings}), origin: from}, columns)]);
		expect(at(118, elsewhere)).toContain('nats 127.0.0.1:4222 from NATS_URL');
		expect(at(78, elsewhere)).toContain('NATS_URL');
		expect(at(78, elsewhere)).toContain('2 critical');
		expect(at(118, origin)).not.toContain('127.0.0.1');
		expect(textOf(pageScreen(help(elsewhere), 118, 34))).toContain(
			'(from NATS_URL, not from the configuration)',
		);
	});
});
