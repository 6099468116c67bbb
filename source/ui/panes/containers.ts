import {nodeServices} from '../../config/nodes.ts';
import {wasStopped} from '../../diagnosis/questions.ts';
import {isLive, wasKilled} from '../../state/run.ts';
import {isDoneJob} from '../../state/service.ts';
import type {ServiceState} from '../../state/types.ts';
import {formatBytes} from '../../text/bytes.ts';
import {formatAge} from '../../text/duration.ts';
import {width} from '../../text/fit.ts';
import {orderedServices, paneItems, selectedId} from '../items.ts';
import {dim, fitLine, green, inverse, type Line, left, red, restyle, right, span, yellow} from '../line.ts';
import type {Model} from '../model.ts';
import {emptyReason, mark, shownOf, staleAge, type Tone, title, toneStyle, windowOf} from '../widgets.ts';

/** The Compose services, one row each. */
export function containers(model: Model, columns: number, height: number): Line[] {
	const {snapshot, config, ui} = model;
	const {state, now} = snapshot;
	const focused = ui.focus === 'containers';
	const docker = state.sources['docker'];
	const items = paneItems('containers', model, ui);
	const ids = new Set(items.map(({id}) => id));
	const services = orderedServices(state, nodeServices(config)).filter(({service}) => ids.has(service));
	const filter = ui.filters.containers;
	const extra: Line = filter ? [span(`  filter: ${filter}`)] : [];
	if (services.length === 0) {
		const none = filter
			? 'no container matches the filter'
			: `no container of project ${config.docker.project}`;
		return [
			title('1 CONTAINERS', columns, focused, extra),
			fitLine(emptyReason('docker', docker, now, none), columns),
		];
	}
	const stale = staleAge(Math.max(...services.map(({at}) => at)), docker, now);
	if (stale !== undefined) {
		extra.push(span(`  (as of ${formatAge(stale)} ago)`, red));
	}
	const selected = selectedId('containers', items, ui);
	const {from, to} = windowOf(
		services.length,
		services.findIndex(({service}) => service === selected),
		height - 1,
	);
	const nameWidth = Math.min(
		Math.max(...services.map(({service}) => width(service))),
		Math.max(16, Math.floor(columns * 0.35)),
	);
	return [
		title('1 CONTAINERS', columns, focused, [...extra, ...shownOf(from, to, services.length)]),
		...services.slice(from, to).map((service) => {
			const fresh = fitLine(containerRow(service, model, nameWidth, columns), columns);
			// It may be otherwise by now: no mark of health, and grey.
			const row = stale === undefined ? fresh : restyle([mark('off'), ...fresh.slice(1)], dim);
			return focused && service.service === selected ? restyle(row, inverse) : row;
		}),
	];
}

function containerRow(service: ServiceState, model: Model, nameWidth: number, columns: number): Line {
	const {run, services} = model.snapshot.state;
	const name = left(service.service, nameWidth);
	if (service.status !== 'running' && run && wasStopped(run, service.service, services)) {
		if (isLive(run)) {
			return restyle([mark('off'), span(' '), name, span('  stopped by this run')], dim);
		}
		if (wasKilled(run)) {
			return [mark('bad'), span(' '), name, span('  left stopped by a killed run', red)];
		}
	}
	if (service.status !== 'running') {
		const {tone, words} = notRunning(service, model.snapshot.now);
		return [mark(tone), span(' '), {...name, style: toneStyle[tone]}, span(`  ${words}`, toneStyle[tone])];
	}
	return runningRow(service, name, model.snapshot.now, columns - nameWidth - 2);
}

function notRunning(service: ServiceState, now: number): {tone: Tone; words: string} {
	const ago = (since: number | undefined) => formatAge(now - (since ?? service.statusSince));
	const restarts = service.restarts > 0 ? `restarts ${service.restarts}` : '';
	const join = (...words: string[]) => words.filter((word) => word !== '').join('  ');
	switch (service.status) {
		case 'exited':
		case 'dead': {
			const oom = service.oomKilled ? 'OOM' : '';
			if (isDoneJob(service)) {
				return {tone: 'off', words: `done ${ago(service.finishedAt)} ago`};
			}
			const clean = service.exitCode === 0 && !service.oomKilled;
			const words = `${service.status} ${service.exitCode} ${ago(service.finishedAt)} ago`;
			return {tone: clean ? 'warn' : 'bad', words: join(words, oom, restarts)};
		}
		case 'missing':
			return {
				tone: 'bad',
				// Since when is known only of one that was seen.
				words: join('missing: it has no container', service.image === '' ? '' : ago(undefined)),
			};
		case 'created':
			return {tone: 'warn', words: `created, never started`};
		default:
			return {tone: 'warn', words: join(`${service.status} ${ago(undefined)}`, restarts)};
	}
}

function runningRow(service: ServiceState, name: ReturnType<typeof left>, now: number, room: number): Line {
	const {health, stats, restarts} = service;
	const tone = health === 'unhealthy' ? 'warn' : health === 'starting' ? 'off' : 'ok';
	const style = {none: undefined, starting: yellow, healthy: green, unhealthy: yellow}[health];
	const line: Line = [
		mark(tone),
		span(' '),
		name,
		span('  '),
		left(health === 'none' ? 'running' : health, 9, style),
	];
	const parts: {size: number; cells: Line}[] = [
		{size: 11, cells: [span('  up ', dim), left(formatAge(now - (service.startedAt ?? now)), 6)]},
		{size: 8, cells: [span('  '), right(formatPercent(stats?.cpuPercent), 6)]},
		{size: 9, cells: [span(' '), right(formatBytes(stats?.memoryBytes), 8)]},
		...(restarts > 0 ? [{size: 12, cells: [span(`  restarts ${restarts}`, yellow)]}] : []),
	];
	let used = 11;
	for (const {size, cells} of parts) {
		if (used + size > room) {
			break;
		}
		line.push(...cells);
		used += size;
	}
	return line;
}

function formatPercent(percent: number | undefined): string {
	if (percent === undefined) {
		return '';
	}
	return `${percent < 99.95 ? percent.toFixed(1) : Math.round(percent)} %`;
}
