import * as z from 'zod';
import type {ClusterState, ReplicaState} from '../../state/cluster.ts';
import {sanitize} from '../../text/sanitize.ts';

/** More members than any Raft group has. */
const maxReplicas = 64;

const name = z.string().transform((value) => sanitize(value, 100));
const count = z.number().catch(0);

const replicaSchema = z.object({
	name,
	current: z.boolean().catch(false),
	offline: z.boolean().catch(false),
	/** Nanoseconds. */
	active: count,
	lag: count,
});

/** What can be read of a list: an entry that is none is left out, and so is what is beyond the bound. */
export const replicasSchema = z
	.array(z.unknown())
	.nullish()
	.catch(undefined)
	.transform((rows) =>
		(rows ?? []).slice(0, maxReplicas).flatMap((row) => replicaSchema.safeParse(row).data ?? []),
	);

/** `cluster` of a stream's or consumer's info, and of a stream in /jsz. */
export const clusterSchema = z
	.object({leader: name.optional().catch(undefined), replicas: replicasSchema})
	.nullish()
	.catch(undefined);

/** A member of a group as it is known. */
export const toReplica = ({active, ...rest}: z.infer<typeof replicaSchema>): ReplicaState => ({
	...rest,
	// Up, for none at all means that it was never heard of.
	activeMs: Math.ceil(active / 1e6),
});

/** Who keeps a stream or a consumer. */
export const toClusterFacts = ({
	leader,
	replicas,
}: NonNullable<z.infer<typeof clusterSchema>>): ClusterState => ({
	...(leader && {leader}),
	replicas: replicas.map(toReplica),
});
