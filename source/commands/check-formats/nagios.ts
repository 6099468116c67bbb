import {countFindings, roots} from '../../diagnosis/status.ts';
import {own} from '../../state/record.ts';
import {plural} from '../../text/count.ts';
import {type Checked, containerCount, remedyOf, unreadOf, untold} from './checked.ts';

/**
For Nagios, Icinga, Checkmk and what understands them: the status and the worst finding in the first line with the
figures after a bar, the other findings in the lines below.
https://nagios-plugins.org/doc/guidelines.html
*/
export function nagiosText(checked: Checked): string {
	const {state, findings, status} = checked;
	const [worst, ...others] = roots(findings);
	const {running, all} = containerCount(state);
	const words = worst
		? `${worst.title}: ${worst.evidence}${others.length > 0 ? `, ${plural(others.length, 'more finding')}` : ''}`
		: `${running} of ${all} containers running`;
	const lines = findings.map((finding) => {
		const remedy = remedyOf(finding);
		return `${finding.severity.toUpperCase()}: ${finding.title}: ${finding.evidence}${remedy ? `, ${remedy}` : ''}`;
	});
	const blind = unreadOf(checked).filter(({id}) => !id.startsWith('source:logs:'));
	const isNamed = worst === undefined || worst.severity !== 'unknown';
	const unread =
		blind.length === 0 || !isNamed
			? ''
			: `, not read: ${blind
					.slice(0, 3)
					.map(({what}) => what)
					.join(', ')}${blind.length > 3 ? ` and ${blind.length - 3} more` : ''}`;
	const first = `JETMEDIC ${status.toUpperCase()} - ${plain(state.deployment)}: ${plain(words + unread)} | ${figures(checked)}`;
	return `${[first, ...[...lines, ...untold(checked)].map(plain)].join('\n')}\n`;
}

/** A bar begins the figures, whoever wrote it. */
const plain = (text: string): string => text.replaceAll('|', '/');

/** `label=value[unit];warning;critical;minimum;maximum`, of what is known. */
function figures({state, findings, config}: Checked): string {
	const {critical, warning, unknown} = countFindings(findings);
	const {running, all} = containerCount(state);
	const {lagWarn, lagCritical, storageWarnPercent, storageCriticalPercent} = config.thresholds;
	const stream = own(state.streams, config.stream);
	const consumer = stream && own(stream.consumers, config.consumer);
	const percentOfMax = (percent: number) => Math.trunc(((stream?.maxBytes ?? 0) * percent) / 100);
	const limits =
		stream && stream.maxBytes > 0
			? `${percentOfMax(storageWarnPercent)};${percentOfMax(storageCriticalPercent)};0;${stream.maxBytes}`
			: ';;0;';
	return [
		`critical=${critical};;;0;`,
		`warning=${warning};;;0;`,
		`unknown=${unknown};;;0;`,
		`containers=${running};;;0;${all}`,
		...(stream?.present ? [`messages=${stream.messages};;;0;`, `bytes=${stream.bytes}B;${limits}`] : []),
		...(consumer?.present
			? [`lag=${consumer.lag};${lagWarn};${lagCritical};0;`, `ack_pending=${consumer.ackPending};;;0;`]
			: []),
	].join(' ');
}
