// Somebody who is told of an incident: a program and a web server that keep what they get.
import {readdirSync, readFileSync} from 'node:fs';
import {chmod, mkdir, writeFile} from 'node:fs/promises';
import http from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {type EscalationRecord, readEscalation} from '../../source/records/escalation-record.ts';
import {endIncident, readIncident} from '../../source/records/incident.ts';
import type {Place} from '../../source/records/place.ts';
import {isAlive} from '../../source/records/process.ts';
import {placeIn} from '../place-in.ts';
import {until} from '../until.ts';

export type Pager = {
	/** The configuration's line. */
	command: string;
	/** What it was given: one text for each time that it was called, with its variables in front. */
	got(): string[];
};

/** A program that keeps its input, and ends with `code`. */
export async function pager(folder: string, code = 0): Promise<Pager> {
	const path = join(folder, 'pager');
	const reports = join(folder, 'reports');
	await mkdir(reports, {recursive: true});
	await writeFile(
		path,
		`#!/bin/sh\n{ echo "$1 $JETMEDIC_DEPLOYMENT $JETMEDIC_RUN_RESULT"; cat; } > "${reports}/$$"\necho "the line is busy" >&2\nexit ${code}\n`,
	);
	await chmod(path, 0o755);
	return {
		command: `command: [${path}, --critical]`,
		got: () => readdirSync(reports).map((name) => readFileSync(join(reports, name), 'utf8')),
	};
}

export type Hook = {url: string; got: {headers: http.IncomingHttpHeaders; body: Record<string, unknown>}[]};

/** A web server that answers with `status`. */
export async function hook(status = 200): Promise<Hook> {
	const got: Hook['got'] = [];
	const server = http.createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => {
			body += String(chunk);
		});
		request.on('end', () => {
			got.push({headers: request.headers, body: JSON.parse(body)});
			response.writeHead(status);
			response.end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => void server.close());
	return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/s3cret-path`, got};
}

/** Writes a configuration file with an escalation, and answers where the records are. The incident ends with the test. */
export async function escalates(
	folder: string,
	state: string,
	afterSeconds: number,
	...lines: string[]
): Promise<Place> {
	const text = ['escalation:', `  afterMinutes: ${afterSeconds / 60}`, ...lines.map((line) => `  ${line}`)];
	await writeFile(join(folder, 'jetmedic.yaml'), `${text.join('\n')}\n`);
	const place = placeIn(state);
	// The process that waits ends with the incident.
	onTestFinished(() => endIncident(place));
	return place;
}

/** The record of the current incident's escalation. */
export function recordOf(place: Place): EscalationRecord | undefined {
	const since = readIncident(place);
	return since === undefined ? undefined : readEscalation(place, since);
}

/** Waits for the process that waits, another one than `before`. */
export const waiting = (place: Place, before?: number): Promise<EscalationRecord> =>
	until(
		'a process waits for the escalation',
		() => {
			const record = recordOf(place);
			return record && record.pid !== before && isAlive(record.pid, record.pidStart) ? record : undefined;
		},
		20_000,
	);
