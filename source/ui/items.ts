import {isCluster, nodeServices} from '../config/nodes.ts';
import type {Finding} from '../diagnosis/finding.ts';
import type {ConsumerState, DeploymentState, LogLine, ServiceState, StreamState} from '../state/types.ts';
import type {Context, PaneId, UiState} from './model.ts';
import {nodeRows} from './node-rows.ts';

/** A row that can be selected: its id, and the text that is searched, filtered and copied. */
export type Item = {id: string; text: string};

type From = Pick<Context, 'snapshot' | 'config'>;

/** The services, the NATS servers first, then by name: an order that never changes by itself. */
export function orderedServices(state: DeploymentState, servers: readonly string[]): ServiceState[] {
	return Object.values(state.services).sort(
		(a, b) =>
			Number(servers.includes(b.service)) - Number(servers.includes(a.service)) ||
			a.service.localeCompare(b.service),
	);
}

/** The streams with their consumers; the one that the runbooks act on first, the watched consumer first. */
export function orderedStreams({
	snapshot,
	config,
}: From): {stream: StreamState; consumers: ConsumerState[]}[] {
	const first = (name: string) => (a: {name: string}, b: {name: string}) =>
		Number(b.name === name) - Number(a.name === name) || a.name.localeCompare(b.name);
	return Object.values(snapshot.state.streams)
		.sort(first(config.stream))
		.map((stream) => ({stream, consumers: Object.values(stream.consumers).sort(first(config.consumer))}));
}

/** A finding with those that it explains, also through others. */
export type FindingGroup = {finding: Finding; explained: Finding[]};

/** The findings, each under the one that explains it. */
export function groupFindings(findings: Finding[]): FindingGroup[] {
	const byId = new Map(findings.map((finding) => [finding.id, finding]));
	const rootOf = (finding: Finding): Finding => {
		let root = finding;
		// Two findings that name each other as the cause must not hang the screen.
		for (const seen = new Set([root.id]); ; seen.add(root.id)) {
			const cause = root.cause === undefined ? undefined : byId.get(root.cause);
			if (!cause || seen.has(cause.id)) {
				return root;
			}
			root = cause;
		}
	};
	const groups = new Map<string, FindingGroup>();
	for (const finding of findings) {
		const root = rootOf(finding);
		const group = groups.get(root.id) ?? {finding: root, explained: []};
		groups.set(root.id, group);
		if (finding.id !== root.id) {
			group.explained.push(finding);
		}
	}
	return [...groups.values()];
}

/** The log lines of the shown services: those of the moment of the freeze, or the newest. */
export function shownLogs({snapshot}: From, ui: UiState): LogLine[] {
	const services = new Set(ui.logServices);
	const filter = ui.filters.logs?.toLowerCase();
	return (ui.frozen ?? snapshot.state.logs.lines).filter(
		(line) => services.has(line.service) && (!filter || logText(line).toLowerCase().includes(filter)),
	);
}

const logText = (line: LogLine): string => `${line.service} ${line.text}`;

/** All rows of a pane that can be selected, in their order, before its filter. */
function allItems(pane: PaneId, context: From, ui: UiState): Item[] {
	const {state, findings} = context.snapshot;
	switch (pane) {
		case 'containers':
			return orderedServices(state, nodeServices(context.config)).map((service) => ({
				id: service.service,
				text: `${service.service} ${service.status} ${service.health} ${service.containerId.slice(0, 12)}`,
			}));
		case 'streams':
			return orderedStreams(context).flatMap(({stream, consumers}) => [
				{id: stream.name, text: `${stream.name} ${stream.messages} messages ${stream.bytes} bytes`},
				...consumers.map((consumer) => ({
					id: `${stream.name}/${consumer.name}`,
					text: `${stream.name} ${consumer.name} lag ${consumer.lag} ack pending ${consumer.ackPending}`,
				})),
			]);
		case 'health':
			return [
				...(!isCluster(context.config) && state.nats.healthz
					? [{id: 'nats', text: `nats healthz ${state.nats.healthz.status}`}]
					: []),
				...nodeRows(context).map(({id, name, words}) => ({id, text: `${name} ${words}`})),
				...Object.values(state.health).map(({name, detail, url}) => ({
					id: `health:${name}`,
					text: `${name} ${detail} ${url}`,
				})),
				...Object.values(state.metrics).map(({name, detail, url}) => ({
					id: `metrics:${name}`,
					text: `${name} ${detail} ${url}`,
				})),
			];
		case 'logs':
			return shownLogs(context, ui).map((line) => ({id: String(line.seq), text: logText(line)}));
		case 'diagnosis':
			return groupFindings(findings).map(({finding}) => ({
				id: finding.id,
				text: `${finding.title}: ${finding.evidence}`,
			}));
		case 'charts':
			return [];
	}
}

/** The rows of a pane that its filter lets through. */
export function paneItems(pane: PaneId, context: From, ui: UiState): Item[] {
	const filter = ui.filters[pane]?.toLowerCase();
	const all = allItems(pane, context, ui);
	return filter ? all.filter((item) => item.text.toLowerCase().includes(filter)) : all;
}

/** The id of the selected row: the chosen one while it is there, else the first (of the logs, the last). */
export function selectedId(pane: PaneId, items: Item[], ui: UiState): string | undefined {
	const chosen = ui.selection[pane];
	if (chosen !== undefined && items.some(({id}) => id === chosen)) {
		return chosen;
	}
	return (pane === 'logs' ? items.at(-1) : items[0])?.id;
}
