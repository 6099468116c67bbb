import * as z from 'zod';
import type {ContainerFacts} from '../../state/observation.ts';
import {sanitize} from '../../text/sanitize.ts';

const text = (max = 300) =>
	z
		.string()
		.catch('')
		.transform((value) => sanitize(value, max));
const record = <T extends z.ZodType>(value: T) => z.record(z.string(), value).nullish().catch(undefined);

/** One row of GET /containers/json (https://docs.docker.com/reference/api/engine/). */
// Strict: a row without its id or labels may be any container, so the whole list is not understood.
export const listedSchema = z.object({
	Id: z.string(),
	Names: z.array(z.string()).catch([]),
	Image: text(),
	ImageID: z.string().catch(''),
	State: text(30),
	Created: z.number().catch(0),
	Labels: z.record(z.string(), z.string()),
});

export type Listed = z.infer<typeof listedSchema>;

/** GET /images/<id>/json, what an image passes on to each container that is made of it, and what it consists of. */
export const imageSchema = z.object({
	Config: z
		.object({Labels: record(z.string())})
		.nullish()
		.catch(undefined),
	RootFS: z
		.object({Layers: z.array(z.string()).nullish().catch(undefined)})
		.nullish()
		.catch(undefined),
});

/** GET /containers/<id>/json, the parts that are watched. */
export const inspectedSchema = z.object({
	Id: z.string(),
	Name: text(),
	/** The program and its arguments: an entrypoint of the image, and what it then starts. */
	Path: text(),
	Args: z.array(z.string()).nullish().catch(undefined),
	RestartCount: z.int().catch(0),
	Config: z.object({
		Image: text(),
		Labels: record(z.string()),
		Tty: z.boolean().catch(false),
		StopTimeout: z.number().nullish().catch(undefined),
	}),
	HostConfig: z
		.object({
			NanoCpus: z.number().catch(0),
			CpuQuota: z.number().catch(0),
			CpuPeriod: z.number().catch(0),
			NetworkMode: text(200),
			RestartPolicy: z
				.object({Name: text(30)})
				.nullish()
				.catch(undefined),
			PortBindings: record(z.unknown()),
		})
		.nullish()
		.catch(undefined),
	State: z.object({
		// No other word, and none at all, says that it is down: then it is not read.
		Status: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
		Pid: z.int().catch(0),
		ExitCode: z.int().catch(0),
		OOMKilled: z.boolean().catch(false),
		StartedAt: z.string().catch(''),
		FinishedAt: z.string().catch(''),
		Health: z
			.object({
				Status: z.string().catch(''),
				Log: z
					.array(z.object({ExitCode: z.number().catch(0), Output: text(200)}))
					.nullish()
					.catch([]),
			})
			.nullish()
			.catch(undefined),
	}),
	NetworkSettings: z
		.object({
			Networks: record(
				z
					.object({
						IPAddress: text(60),
						GlobalIPv6Address: text(60),
						Gateway: text(60),
						IPv6Gateway: text(60),
					})
					.nullish()
					.catch(undefined),
			),
			Ports: record(z.array(z.object({HostIp: text(), HostPort: text()})).nullish()),
		})
		.nullish()
		.catch(undefined),
});

export type Inspected = z.infer<typeof inspectedSchema>;

/** GET /containers/<id>/json, where its folders come from. */
export const mountsSchema = z.object({
	/** What `--tmpfs` and Compose's `tmpfs` mount is not among the others. */
	HostConfig: z
		.object({Tmpfs: record(z.unknown())})
		.nullish()
		.catch(undefined),
	Mounts: z
		.array(
			z
				.object({
					Source: z.string().catch(''),
					Destination: z.string(),
					RW: z.boolean().catch(false),
					Type: text(20),
					Name: text(200),
				})
				.transform(({Source, Destination, RW, Type, Name}) => ({
					source: Source,
					destination: Destination,
					writable: RW,
					type: Type,
					...(Name !== '' && {name: Name}),
				})),
		)
		.nullish()
		.transform((mounts) => mounts ?? []),
});

/** GET /containers/<id>/changes: null where nothing was changed. */
export const changesSchema = z
	.array(z.object({Path: z.string()}))
	.nullish()
	.transform((changes) => changes ?? []);

/** Go's fs.ModeDir: https://pkg.go.dev/io/fs#FileMode */
const modeFolder = 2 ** 31;

/**
The header `X-Docker-Container-Path-Stat` of HEAD /containers/<id>/archive: whether the path is a folder.

@throws when it is not understood.
*/
export function parsePathStat(header: unknown): boolean {
	const text = Buffer.from(typeof header === 'string' ? header : '', 'base64').toString('utf8');
	const {mode} = z.object({mode: z.number()}).parse(JSON.parse(text || 'null'));
	return mode >= modeFolder;
}

/** Compose's own label of a container, without its prefix. */
export const composeLabel = (labels: Record<string, string> | null | undefined, name: string): string =>
	labels?.[`com.docker.compose.${name}`] ?? '';

/** The name under which a container is known: its service, with a number from the second replica on. */
export function serviceOf(labels: Record<string, string> | null | undefined): string {
	const service = composeServiceOf(labels);
	const number = composeLabel(labels, 'container-number');
	return number && number !== '1' ? `${service}-${sanitize(number, 8)}` : service;
}

/** Compose's own name of the service, which all replicas share. */
export const composeServiceOf = (labels: Record<string, string> | null | undefined): string =>
	sanitize(composeLabel(labels, 'service'), 100);

// Docker's zero time is the year 1: never started, or never finished.
const time = (value: string): number | undefined => {
	const at = Date.parse(value);
	return Number.isFinite(at) && at > 0 ? at : undefined;
};

/** What an inspected container is to the console. */
export function toFacts(container: Inspected): ContainerFacts {
	const {State: state, Config: config} = container;
	const health = state.Health?.Status;
	const dependencies = dependenciesOf(config.Labels);
	const policy = container.HostConfig?.RestartPolicy?.Name;
	const number = Number(composeLabel(config.Labels, 'container-number'));
	const gateways = Object.values(container.NetworkSettings?.Networks ?? {}).flatMap((network) =>
		[network?.Gateway ?? '', network?.IPv6Gateway ?? ''].filter(Boolean),
	);
	const failed = state.Health?.Log?.findLast((entry) => entry.ExitCode !== 0);
	return {
		service: serviceOf(config.Labels),
		composeService: composeServiceOf(config.Labels),
		...(Number.isSafeInteger(number) && number > 0 && {number}),
		containerId: container.Id,
		containerName: container.Name.replace(/^\//, ''),
		image: config.Image,
		...(runsServer(container) && {natsServer: true as const}),
		status: state.Status,
		health: health === 'starting' || health === 'healthy' || health === 'unhealthy' ? health : 'none',
		exitCode: state.ExitCode,
		oomKilled: state.OOMKilled,
		restarts: container.RestartCount,
		startedAt: time(state.StartedAt),
		finishedAt: time(state.FinishedAt),
		dependsOn: dependencies.map(({service}) => service),
		...(dependencies.some(({isDone}) => isDone) && {
			completed: dependencies.filter(({isDone}) => isDone).map(({service}) => service),
		}),
		...(policy !== undefined && {restartPolicy: policy === '' ? 'no' : policy}),
		...(mayEnd(container) && {mayEnd: true as const}),
		networks: networksOf(container),
		addresses: Object.values(container.NetworkSettings?.Networks ?? {}).flatMap((network) =>
			[network?.IPAddress ?? '', network?.GlobalIPv6Address ?? ''].filter(Boolean),
		),
		...(gateways.length > 0 && {gateways}),
		...cpuLimit(container.HostConfig),
		ports: Object.entries(container.NetworkSettings?.Ports ?? {}).flatMap(([port, hosts]) =>
			(hosts ?? []).map((host) => `${host.HostIp}:${host.HostPort}->${sanitize(port, 30)}`),
		),
		stopTimeoutSeconds: config.StopTimeout ?? undefined,
		healthOutput: health === 'unhealthy' ? failed?.Output : undefined,
	};
}

/** The first words of its command: `docker-entrypoint.sh nats-server --config …`, `/nats-server -js`, `tini -- nats-server`. */
const runsServer = ({Path, Args}: Inspected): boolean =>
	[Path, ...(Args ?? []).slice(0, 3)].some((word) => /(^|\/)nats-server$/.test(word));

/** What the label `depends_on` says, such as `titan-nats:service_healthy:false`: the service, the condition, restart with it. */
const dependenciesOf = (
	labels: Record<string, string> | null | undefined,
): {service: string; isDone: boolean}[] =>
	composeLabel(labels, 'depends_on')
		.split(',')
		.map((part) => {
			const [service = '', condition] = part.split(':');
			return {service: sanitize(service, 100), isDone: condition === 'service_completed_successfully'};
		})
		.filter(({service}) => service !== '');

/**
Whether nothing speaks against a container that is meant to end by itself: the engine does not start it again, nobody asks
whether it is healthy, and nobody is let in. `restart: "no"` alone says little: it is what Compose takes where nothing is said.
*/
function mayEnd({HostConfig: host, State: state}: Inspected): boolean {
	const policy = host?.RestartPolicy?.Name;
	const isServer = state.Health?.Status || Object.keys(host?.PortBindings ?? {}).length > 0;
	return (policy === '' || policy === 'no' || policy === 'on-failure') && !isServer;
}

/** The networks that it is in; one that shares another container's has none of its own, and is not cut off by that. */
function networksOf({NetworkSettings, HostConfig}: Inspected): string[] {
	const names = Object.keys(NetworkSettings?.Networks ?? {}).map((name) => sanitize(name, 100));
	const mode = HostConfig?.NetworkMode ?? '';
	return names.length === 0 && /^(container:|host$|none$)/.test(mode) ? [mode] : names;
}

/** `--cpus`, or its older form of a quota in each period (100 ms by default). */
function cpuLimit(host: Inspected['HostConfig']): {cpuLimit?: number} {
	const cores = host?.NanoCpus
		? host.NanoCpus / 1e9
		: host && host.CpuQuota > 0
			? host.CpuQuota / (host.CpuPeriod || 100_000)
			: 0;
	return cores > 0 ? {cpuLimit: cores} : {};
}

/** GET /containers/<id>/stats?stream=false&one-shot=true. A stopped container has no memory figures. */
export const statsSchema = z.object({
	cpu_stats: z.object({
		cpu_usage: z.object({total_usage: z.number().catch(0)}),
		system_cpu_usage: z.number().optional().catch(undefined),
		online_cpus: z.number().optional().catch(undefined),
	}),
	memory_stats: z
		.object({
			usage: z.number().optional(),
			limit: z.number().optional(),
			stats: z
				.object({total_inactive_file: z.number().optional(), inactive_file: z.number().optional()})
				.optional(),
		})
		.catch({}),
});

export type Stats = z.infer<typeof statsSchema>;

/** One line of GET /events. */
export const eventSchema = z.object({
	Type: z.string(),
	Action: z.string(),
	Actor: z.object({ID: z.string(), Attributes: z.record(z.string(), z.string()).catch({})}),
});

export type EngineEvent = {
	type: string;
	action: string;
	containerId: string;
	service: string;
	/** Of `die`. */
	exitCode?: number;
};
