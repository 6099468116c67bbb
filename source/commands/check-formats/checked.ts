import type {Config} from '../../config/schema.ts';
import type {Finding} from '../../diagnosis/finding.ts';
import type {Status} from '../../diagnosis/status.ts';
import {isDoneJob} from '../../state/service.ts';
import type {DeploymentState} from '../../state/types.ts';
import {shellLine} from '../../text/shell-quote.ts';

/** What a look found: what every format is made of. */
export type Checked = {
	state: DeploymentState;
	findings: readonly Finding[];
	status: Status;
	config: Config;
	/** The path of the loaded configuration, or `built-in`. */
	source: string;
};

/** The exit codes of Nagios' plugins. */
export const exitCodes: Record<Status, number> = {ok: 0, warning: 1, critical: 2, unknown: 3};

/** What mends a finding, as a command or as words; nothing where only its cause is mended. */
export const remedyOf = ({runbook, advice}: Finding): string | undefined =>
	runbook === undefined ? advice : shellLine('jetmedic', 'run', runbook === 'resume' ? '--resume' : runbook);

/** How many containers run, and how many there are, without the jobs that are done. */
export function containerCount({services}: DeploymentState): {running: number; all: number} {
	const all = Object.values(services).filter((service) => !isDoneJob(service));
	return {running: all.filter(({status}) => status === 'running').length, all: all.length};
}
