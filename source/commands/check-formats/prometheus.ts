import {countFindings} from '../../diagnosis/status.ts';
import {type Checked, exitCodes} from './checked.ts';

type Labels = Record<string, string>;
type Metric = {name: string; help: string; type: 'gauge'; samples: [Labels, number][]};

/** Of a thousand streams a scrape would be megabytes: of more, the largest are told. */
const maxStreams = 200;

/**
For the textfile collector of the node exporter: write it to a file beside and rename that, so that it is never read in
part. https://github.com/prometheus/node_exporter#textfile-collector
*/
export function prometheusText(checked: Checked): string {
	const {deployment} = checked.state;
	return metrics(checked)
		.filter(({samples}) => samples.length > 0)
		.flatMap(({name, help, type, samples}) => [
			`# HELP jetmedic_${name} ${help}`,
			`# TYPE jetmedic_${name} ${type}`,
			...samples.map(([labels, value]) => `jetmedic_${name}${labelText({deployment, ...labels})} ${value}`),
		])
		.map((line) => `${line}\n`)
		.join('');
}

function metrics({state, findings, status}: Checked): Metric[] {
	const gauge = (name: string, help: string, samples: Metric['samples']): Metric => ({
		name,
		help,
		type: 'gauge',
		samples,
	});
	const streams = Object.values(state.streams)
		.filter(({present}) => present)
		.sort((a, b) => b.bytes - a.bytes)
		.slice(0, maxStreams);
	const consumers = streams.flatMap((stream) =>
		Object.values(stream.consumers)
			.filter(({present}) => present)
			.map((consumer) => [{stream: stream.name, consumer: consumer.name}, consumer] as const),
	);
	const counts = countFindings(findings);
	return [
		gauge('status', 'The status as a whole: 0 ok, 1 warning, 2 critical, 3 unknown.', [
			[{}, exitCodes[status]],
		]),
		gauge('checked_timestamp_seconds', 'When it was looked at.', [[{}, state.at / 1000]]),
		gauge(
			'findings',
			'Findings by severity, without those that follow from another one.',
			Object.entries(counts).map(([severity, count]) => [{severity}, count]),
		),
		gauge(
			'finding_age_seconds',
			'How long a finding has been there; its runbook, and the finding that explains it.',
			// Without its title: that holds figures, and each would be a series of its own.
			findings.map(({id, severity, runbook = '', cause = '', sinceMs}) => [
				{id, severity, runbook, cause},
				sinceMs / 1000,
			]),
		),
		gauge(
			'source_up',
			'Whether a source of the look works.',
			Object.entries(state.sources)
				.filter(([source]) => !source.startsWith('logs:'))
				.map(([source, {status: up}]) => [{source}, up === 'up' ? 1 : 0]),
		),
		gauge(
			'container_running',
			'Whether the container of a service runs.',
			Object.values(state.services).map(({service, status: now}) => [{service}, now === 'running' ? 1 : 0]),
		),
		gauge(
			'stream_messages',
			'Messages of a stream.',
			streams.map(({name, messages}) => [{stream: name}, messages]),
		),
		gauge(
			'stream_bytes',
			'Bytes of a stream.',
			streams.map(({name, bytes}) => [{stream: name}, bytes]),
		),
		gauge(
			'stream_max_bytes',
			'The limit of a stream in bytes, where it has one.',
			streams.filter(({maxBytes}) => maxBytes > 0).map(({name, maxBytes}) => [{stream: name}, maxBytes]),
		),
		gauge(
			'consumer_lag_messages',
			'Messages that were never delivered to a consumer (num_pending).',
			consumers.map(([labels, {lag}]) => [labels, lag]),
		),
		gauge(
			'consumer_ack_pending_messages',
			'Messages that were delivered and are not acknowledged (num_ack_pending).',
			consumers.map(([labels, {ackPending}]) => [labels, ackPending]),
		),
	];
}

function labelText(labels: Labels): string {
	const pairs = Object.entries(labels)
		.filter(([, value]) => value !== '')
		.map(([name, value]) => `${name}="${escapeLabel(value)}"`);
	return `{${pairs.join(',')}}`;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
const escapeLabel = (value: string): string =>
	value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
