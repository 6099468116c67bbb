import type {DeploymentState, LogLine} from '../../state/types.ts';
import {formatTimeOfDay} from '../../text/duration.ts';
import {bold, dim, type Line, left, red, span, wrap} from '../line.ts';
import type {Model, UiState} from '../model.ts';
import {nodePrefix} from '../node-rows.ts';
import type {Fact} from './fact.ts';
import {consumerFacts, endpointFacts, findingFacts, serviceFacts, streamFacts} from './facts.ts';
import {nodeFacts} from './node-facts.ts';

const nameWidth = 22;

/** Everything that is known about the selected thing, with ages. */
export function detailRows(model: Model, columns: number): Line[] {
	const {detail} = model.ui;
	const facts = detail ? factsOf(detail.pane, detail.id, model) : undefined;
	if (!facts) {
		return [[span('It is not there any more.', red)]];
	}
	return facts.flatMap(([name, value]) => {
		if (value === undefined) {
			return [];
		}
		if (value === '') {
			return [[], [span(name, bold)]];
		}
		return wrap(value, columns - nameWidth - 2).map((text, row) => [
			left(row === 0 ? name : '', nameWidth, dim),
			span('  '),
			span(text),
		]);
	});
}

function factsOf(pane: string, id: string, model: Model): Fact[] | undefined {
	const {state, findings, now} = model.snapshot;
	switch (pane) {
		case 'containers':
			return state.services[id] && serviceFacts(state.services[id], model);
		case 'streams': {
			const [name = '', consumer] = splitOnce(id);
			const stream = state.streams[name];
			if (consumer === undefined) {
				return stream && streamFacts(stream, now);
			}
			const found = stream?.consumers[consumer];
			return found && consumerFacts(found, name, now);
		}
		case 'health':
			return id.startsWith(nodePrefix)
				? nodeFacts(id.slice(nodePrefix.length), model)
				: endpointFacts(id, model);
		case 'diagnosis':
			return findingFacts(id, findings, model);
		case 'logs': {
			const line = logLine(id, model.ui, state);
			return (
				line && [
					['service', line.service],
					['time', `${formatTimeOfDay(line.at)}  ${new Date(line.at).toISOString()}`],
					['from', line.stderr ? 'stderr' : 'stdout'],
					['matches', line.matches.join(', ') || 'no signature'],
					['text', line.text || ' '],
				]
			);
		}
		default:
			return undefined;
	}
}

/** The log line of an id: of those that are frozen, or of the newest. */
export function logLine(id: string, ui: UiState, {logs}: DeploymentState): LogLine | undefined {
	return [...(ui.frozen ?? []), ...logs.lines].find(({seq}) => String(seq) === id);
}

/** Stream names have no slash in JetStream (ADR-6), so the first one ends the name. */
function splitOnce(id: string): string[] {
	const at = id.indexOf('/');
	return at < 0 ? [id] : [id.slice(0, at), id.slice(at + 1)];
}
