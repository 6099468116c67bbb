import {expect, test} from 'vitest';
import type {DeploymentState} from '../../source/state/types.ts';
import type {UiState} from '../../source/ui/model.ts';
import {pageScreen} from '../../source/ui/screens/page.ts';
import {healthy, incident, model} from './fixture.ts';
import {rowWith, textOf} from './text.ts';

const detailOf = (state: DeploymentState, detail: NonNullable<UiState['detail']>): string =>
	textOf(pageScreen(model(state, {ui: {overlays: ['detail'], detail}}), 118, 34));

test('the detail of a log line is named after its service, not after its number', () => {
	const state = incident();
	const line = state.logs.lines[0]!;
	const text = detailOf(state, {pane: 'logs', id: String(line.seq)});
	expect(text.split('\n')[0]).toContain(`DETAIL  log of ${line.service}`);
	expect(rowWith(text, 'text')).toContain(line.text.slice(0, 20));
});

test('the detail of the server counts one thing as one, and is disconnected from it', () => {
	const state = healthy();
	const text = detailOf(
		{
			...state,
			nats: {
				...state.nats,
				connection: {...state.nats.connection, status: 'disconnected'},
				jsz: {
					at: 0,
					enabled: true,
					streams: 1,
					consumers: 1,
					storageBytes: 1,
					maxStorageBytes: 2,
					apiErrors: 0,
				},
			} as DeploymentState['nats'],
		},
		{pane: 'health', id: 'nats'},
	);
	expect(rowWith(text, 'JetStream')).toMatch(/1 stream, 1 consumer$/);
	expect(rowWith(text, 'connection')).toContain('disconnected from nats://');
});
