import {serviceOfRunbook} from '../config/service-runbook.ts';
import {roots} from '../diagnosis/status.ts';
import {composeServiceName} from '../state/service.ts';
import {paneItems, selectedId} from './items.ts';
import type {Context, UiState} from './model.ts';

/**
The service that a restart would be of: the container that the operator went to, else the one that the selected finding
names, else the first that any finding names. The row that is selected from the start was chosen by nobody, and the
server's own restart is R.
*/
export function pointedService(ui: UiState, context: Context): string | undefined {
	const {config, snapshot} = context;
	const selected = (pane: 'containers' | 'diagnosis') =>
		ui.focus === pane && ui.selection[pane] !== undefined
			? selectedId(pane, paneItems(pane, context, ui), ui)
			: undefined;
	const container = selected('containers');
	if (container !== undefined && !servers(config).includes(container)) {
		return composeServiceName(container, snapshot.state.services);
	}
	const finding = selected('diagnosis');
	const findings = roots(snapshot.findings);
	const chosen = findings.find(({id}) => id === finding);
	return [...(chosen ? [chosen] : []), ...findings]
		.map(({runbook}) => serviceOfRunbook(runbook ?? ''))
		.find((service) => service !== undefined);
}

const servers = ({nats}: Context['config']): string[] => [
	nats.service,
	...(nats.peers ?? []).map(({service}) => service),
];
