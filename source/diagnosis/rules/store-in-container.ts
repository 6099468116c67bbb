import {nodeServices} from '../../config/nodes.ts';
import {own} from '../../state/record.ts';
import type {StorePlace} from '../../state/store-place.ts';
import type {Rule} from '../rule.ts';

/** A server whose store is on no volume: everything is lost with its container, and nothing shows it before. */
export const rule: Rule = {
	id: 'store-in-container',
	title: 'A server keeps its streams inside its container',
	severity: 'warning',
	section: 'If Storage Pressure',
	meaning:
		'The `store_dir` of the server is on no volume and on no bind mount. All streams are lost when Compose recreates the container (new image or configuration) or removes it (`docker compose down`). A store on a tmpfs is lost at each restart.',
	evidence: 'the `store_dir` that the server reports, and the mount or layer that holds it',
	remedy:
		'back up the streams (`jetmedic backup`), add a volume for `store_dir` to the Compose file, recreate the container, restore',
	avoid: 'Recreate the container: all streams are lost with it.',
	check({nats, services}, config) {
		return nodeServices(config).flatMap((service) => {
			const place = own(nats.stores ?? {}, service);
			const isThere = own(services, service)?.status !== 'missing';
			return isThere && place && isLost(place)
				? {
						id: `store-in-container:${service}`,
						severity: 'warning' as const,
						title:
							place.kind === 'memory'
								? `${service} keeps its streams in memory`
								: `${service} keeps its streams inside its container`,
						evidence:
							place.kind === 'memory'
								? `its store_dir ${place.folder} is on a tmpfs: a restart loses all streams`
								: `its store_dir ${place.folder} is on no volume: recreating the container loses all streams`,
						advice: 'back up the streams, then add a volume for store_dir',
					}
				: [];
		});
	},
};

const isLost = ({kind, folder}: StorePlace): boolean =>
	folder !== undefined && (kind === 'layer' || kind === 'memory');
