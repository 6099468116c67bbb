import {isLive} from '../../state/run.ts';
import {isClustered, lookAtNodes} from '../nodes.ts';
import type {Rule} from '../rule.ts';

/** The servers of a cluster run different versions. */
export const rule: Rule = {
	id: 'versions-differ',
	title: 'The servers run different versions',
	severity: 'warning',
	section: 'Detection',
	meaning:
		'The servers of the cluster run different versions: an upgrade that was not finished, or an image without a fixed version. A stream that a newer server has written may not be readable by an older one.',
	evidence: 'which server runs which version',
	remedy: 'finish the upgrade, one server at a time',
	check(state, config, now) {
		if (!isClustered(state, config) || isLive(state.run)) {
			return [];
		}
		const versions = new Map<string, string[]>();
		for (const {service, view} of lookAtNodes(state, config, now)) {
			if (view && view.version !== '') {
				versions.set(view.version, [...(versions.get(view.version) ?? []), service]);
			}
		}
		if (versions.size < 2) {
			return [];
		}
		return [
			{
				id: 'versions-differ',
				severity: 'warning',
				title: 'The servers run different versions',
				evidence: [...versions]
					.sort(([a], [b]) => a.localeCompare(b, undefined, {numeric: true}))
					.map(([version, services]) => `${version}: ${services.join(', ')}`)
					.join('; '),
				advice: 'finish the upgrade, one server at a time',
			},
		];
	},
};
