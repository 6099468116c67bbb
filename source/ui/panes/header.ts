import {isCluster, majorityOf, nodeServices} from '../../config/nodes.ts';
import type {Config} from '../../config/schema.ts';
import {remoteOf} from '../../state/cluster.ts';
import {own} from '../../state/record.ts';
import {isLive} from '../../state/run.ts';
import type {DeploymentState} from '../../state/types.ts';
import {formatAge, formatElapsed} from '../../text/duration.ts';
import {truncate} from '../../text/fit.ts';
import {escalationClock} from '../escalation-clock.ts';
import {groupFindings} from '../items.ts';
import {bold, dim, green, type Line, lineWidth, red, redBold, span, spread, yellow} from '../line.ts';
import type {Model} from '../model.ts';
import {shortAddress} from '../origin.ts';

/** The first row: which deployment, how it is reached, how bad it is, how much time is left. */
export function header(model: Model, columns: number): Line {
	const end = status(model, columns - lineWidth(identity(model, 0)) - 2);
	// The most telling parts give way last; what is wrong never does.
	for (const detail of [4, 3, 2, 1, 0]) {
		const start = identity(model, detail);
		if (lineWidth(start) + lineWidth(end) + 2 <= columns || detail === 0) {
			return spread(start, end, columns);
		}
	}
	return [];
}

function identity({snapshot, config, readOnly, origin}: Model, detail: number): Line {
	const {state} = snapshot;
	const {connection, server} = state.nats;
	const line: Line = [...(detail > 1 ? [span('jetmedic', bold), span('  ')] : []), span(state.deployment)];
	if (detail > 0) {
		line.push(span(' on ', dim), span(state.host));
	}
	if (state.production || config.production) {
		line.push(span(' '), span(' PROD ', {colour: 'red', inverse: true}));
	}
	if (readOnly) {
		line.push(span(' '), span(' READ-ONLY ', {colour: 'yellow', inverse: true}));
	}
	line.push(span('  nats ', dim));
	// A variable that is still set from something else: whoever reads must see that this is another server.
	if (origin?.natsFrom !== undefined) {
		const address = truncate(shortAddress(connection.url), 40);
		line.push(span(detail > 0 ? `${address} from ${origin.natsFrom} ` : `${origin.natsFrom} `, yellow));
	}
	if (detail > 2 && server) {
		line.push(span(`${server.version} `));
	}
	line.push(connectionMark(connection.status));
	if (isCluster(config) || remoteOf(state.nats.nodes).length > 0) {
		line.push(...serversMark(state, config));
	}
	if (detail > 2 && connection.status === 'connected' && connection.rttMs !== undefined) {
		line.push(span(` ${formatRtt(connection.rttMs)}`));
	}
	const docker = state.sources['docker'];
	line.push(span('  docker ', dim));
	if (detail > 3 && state.engine) {
		line.push(span(`${state.engine.version.split('.').slice(0, 2).join('.')} `));
	}
	line.push(sourceMark(docker?.status));
	if (docker?.status === 'down' && detail > 2) {
		line.push(span(` ${formatAge(snapshot.now - docker.since)}`, red));
	}
	return line;
}

/** How many servers of the cluster are well, of how many. */
function serversMark({nats}: DeploymentState, config: Config): Line {
	const remote = remoteOf(nats.nodes);
	const services = [...nodeServices(config), ...remote.map(({service}) => service)];
	const well = services.filter((service) => own(nats.nodes ?? {}, service)?.status === 'ok').length;
	const text = ` ${well}/${services.length}`;
	return [
		well === services.length ? span(text) : span(text, well < majorityOf(services.length) ? redBold : yellow),
	];
}

/** A round trip with so few digits that it stands still while nothing changes. */
function formatRtt(rttMs: number): string {
	const step = rttMs < 10 ? 0.1 : 10 ** (Math.floor(Math.log10(rttMs)) - 1);
	return formatElapsed(Math.round(rttMs / step) * step);
}

function connectionMark(status: Model['snapshot']['state']['nats']['connection']['status']) {
	if (status === 'connected') {
		return span('●', green);
	}
	return status === 'connecting' ? span('○', dim) : span('✖', redBold);
}

function sourceMark(status: 'starting' | 'up' | 'down' | undefined) {
	if (status === 'up') {
		return span('●', green);
	}
	return status === 'down' ? span('✖', redBold) : span('○', dim);
}

/** @param room - The columns that it may take. */
function status({snapshot, config, ui}: Model, room: number): Line {
	const {state, findings, now} = snapshot;
	// What another finding explains is not one more thing to mend.
	const groups = groupFindings(findings);
	const count = (severity: string) => groups.filter(({finding}) => finding.severity === severity).length;
	const [critical, warning, unknown] = [count('critical'), count('warning'), count('unknown')];
	const parts: Line = [
		...(isLive(state.run) && ui.hiddenRun === state.run?.id ? [span('run goes on', {colour: 'cyan'})] : []),
		...(critical > 0 ? [span(`${critical} critical`, redBold)] : []),
		...(warning > 0 ? [span(`${warning} warning`, yellow)] : []),
		...(unknown > 0 ? [span(`${unknown} unknown`)] : []),
	];
	const line = parts.flatMap((part, index) => (index > 0 ? [span(' '), part] : [part]));
	if (state.incidentSince === undefined) {
		return line;
	}
	const gap = line.length > 0 ? 3 : 0;
	const clock = escalationClock(state.incidentSince, state.escalation, config, now);
	return [...line, span(' '.repeat(gap)), ...shortened(clock, room - lineWidth(line) - gap)];
}

// Of why something failed so much is shown in any case.
const leastWhy = 12;

/** The line with its last part cut to what there is room for. */
function shortened(line: Line, room: number): Line {
	const last = line.at(-1);
	if (last === undefined) {
		return line;
	}
	const rest = Math.max(leastWhy, room - lineWidth(line.slice(0, -1)));
	return [...line.slice(0, -1), {...last, text: truncate(last.text, rest)}];
}
