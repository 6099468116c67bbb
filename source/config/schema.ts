import * as z from 'zod';
import {runbookSchema} from './runbook-schema.ts';

const name = z
	.string()
	.regex(/^[\w.-]+$/, 'only letters, digits, dot, dash and underscore')
	.max(200);
const url = z.url({protocol: /^https?$/, error: 'an address such as http://127.0.0.1:3100/health'});
const milliseconds = z.int().min(50).max(3_600_000);
const percent = z.number().min(0).max(100);

const tls = z.strictObject({
	ca: z.string().optional().describe('file with the CA certificate'),
	cert: z.string().optional().describe('file with the client certificate'),
	key: z.string().optional().describe('file with the key of the client certificate'),
	first: z.boolean().optional().describe('TLS handshake before the INFO line (handshake_first)'),
});

const peer = z.strictObject({
	service: name.describe('the Compose service of another server of the cluster'),
	monitor: url.describe('the monitoring port of that server, as http://127.0.0.1:8223'),
});

const login = {
	user: z.string().optional(),
	password: z.string().optional(),
	token: z.string().optional(),
	nkey: z.string().optional().describe('file with the nkey seed'),
	creds: z.string().optional().describe('credentials file'),
};

const nats = z.strictObject({
	service: name.describe('Compose service of the server'),
	url: z.string().min(1).describe('comma-separated addresses'),
	context: name.optional().describe('a context of the NATS CLI; it takes the place of url and credentials'),
	...login,
	system: z
		.strictObject(login)
		.optional()
		.describe('a user of the system account: it tells of the servers of the cluster that are not named here'),
	inboxPrefix: z
		.string()
		.regex(/^[^\s.*>]+(?:\.[^\s.*>]+)*$/, 'a subject without wildcards, such as _INBOX_ops')
		.optional()
		.describe('where answers come to, for a user who may not subscribe to _INBOX.>'),
	tls: tls.optional(),
	/** The server whose credentials are not sent, because a flag or a variable names another one. Never from a file. */
	withheldFor: z.string().optional(),
	monitor: url.optional().describe('the monitoring port, as http://127.0.0.1:8222'),
	peers: z
		.array(peer)
		.min(1)
		.max(8)
		.optional()
		.describe('the other servers of the cluster, each with its Compose service and its monitoring port'),
});

const docker = z.strictObject({
	host: z
		.string()
		.regex(/^(unix|tcp|https?):\/\//, 'unix:///path or tcp://host:port')
		.optional(),
	context: name.optional().describe('a context of the Docker CLI'),
	project: name.describe('the Compose project'),
	files: z
		.array(z.string().min(1).max(4000))
		.min(1)
		.max(20)
		.optional()
		.describe(
			'the Compose files of the project, as docker compose -f; they take the place of those that the containers name',
		),
	envFiles: z
		.array(z.string().min(1).max(4000))
		.max(20)
		.optional()
		.describe(
			'the files of docker compose --env-file; they replace those that the containers name, and an empty list means no file',
		),
	workingDir: z
		.union([z.string().min(1).max(4000), z.array(z.string().min(1).max(4000)).min(1).max(20)], {
			error: 'a folder or a list of folders',
		})
		.optional()
		.describe(
			'the folder, or the folders, from which Compose created the containers, if several projects have one name; one folder is the project directory',
		),
});

const health = z.strictObject({
	name,
	service: name.optional().describe('the Compose service behind it'),
	url,
	/** A JMESPath expression over the JSON body; healthy when it is `true`. */
	healthy: z.string().min(1),
	/** A JMESPath expression whose value is shown. */
	show: z.string().optional(),
	/** What the shown value belongs to: `nats` gives `nats healthy`. */
	label: z.string().max(40).optional(),
});

const metrics = z.strictObject({
	name,
	service: name.optional(),
	url,
	lag: z.string().min(1).describe('the metric that holds the lag'),
	storage: z.string().min(1).optional().describe('the metric that holds the bytes stored'),
});

const logs = z.strictObject({
	services: z.array(name).describe('services whose lines are searched for signatures'),
	signatures: z.array(z.string().min(2).max(200)).max(50),
	tail: z.int().min(0).max(1000),
});

const thresholds = z.strictObject({
	/** Percent of a limit, as `nats server check jetstream` has it. */
	storageWarnPercent: percent,
	storageCriticalPercent: percent,
	lagWarn: z.int().min(1),
	lagCritical: z.int().min(1),
	/** A lag that grows is a finding when it grew for this long. */
	lagGrowingForMs: milliseconds,
	rttWarnMs: z.number().min(1),
	/** Matches of a signature in the last minute that make a finding. */
	signatureMatchesPerMinute: z.int().min(1),
	/** Per cent of its memory limit from which a container is nearly out of memory. */
	memoryWarnPercent: percent,
	/** Per cent of the disk under the store that may be used. */
	diskWarnPercent: percent,
	/** A stream that will be full within these minutes at its rate is a finding. */
	fullWithinMinutes: z
		.number()
		.min(0)
		.max(24 * 60),
	/** How long nothing may be published to a stream that was busy. */
	silentForMs: milliseconds,
	/** Unacknowledged messages that were delivered more than once. */
	redeliveredWarn: z.int().min(1),
	/** How long a health endpoint may take to answer. */
	healthWarnMs: z.number().min(1),
	/** Lines a second of one service that make a finding. */
	logLinesPerSecond: z.int().min(1),
});

const webhook = z.strictObject({
	url: z
		.url({protocol: /^https?$/, error: 'an address such as https://hooks.example.com/services/1'})
		.describe('where the report is sent by POST'),
	/** Their values are put into a request, where a line break would begin another header. */
	headers: z
		.record(
			z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'the name of a header'),
			z
				.string()
				.regex(/^[\t\x20-\x7e]*$/, 'text of one line, without characters beyond ASCII')
				.max(4000),
		)
		.optional(),
});

const escalation = z.strictObject({
	/** Minutes after which the incident is escalated; a part of one is for trying it out. */
	afterMinutes: z
		.number()
		.min(0.01)
		.max(24 * 60),
	/** Minutes after which the clock warns. */
	warnMinutes: z
		.number()
		.min(0)
		.max(24 * 60),
	command: z
		.array(
			z
				.string()
				.min(1)
				.max(1000)
				.regex(/^[^\0]*$/, 'text without a null character'),
		)
		.min(1)
		.max(50)
		.optional()
		.describe('a program and its arguments; it gets the report on its standard input'),
	webhook: webhook.optional().describe('an address that gets the report as JSON'),
});

/** The configuration of one deployment, whole: what is left out in a file comes from the built-in profile. */
export const configSchema = z.strictObject({
	deployment: name,
	production: z.boolean(),
	readOnly: z.boolean(),
	docker,
	nats,
	stream: name.describe('the stream that the runbooks act on'),
	consumer: name.describe('the consumer whose lag is watched'),
	consumers: z
		.record(name, name)
		.optional()
		.describe('the Compose service that reads from each consumer, where their names do not tell'),
	keep: z.int().min(1).describe('messages that a purge keeps'),
	health: z.array(health).max(50),
	metrics: z.array(metrics).max(50),
	logs,
	thresholds,
	escalation,
	runbooks: z.array(runbookSchema).max(20).describe('runbooks beside the built-in ones'),
	stateDir: z.string().optional().describe('folder of the journal and the backups'),
	passEnvironment: z
		.array(
			z
				.string()
				.regex(/^[A-Za-z_]\w*$/, 'the name of an environment variable')
				.max(100),
		)
		.max(50)
		.optional()
		.describe(
			'variables that escalation.command and the commands of runbooks get besides PATH, HOME, LANG and the like',
		),
});

export type Config = z.infer<typeof configSchema>;
export type HealthEndpoint = Config['health'][number];
export type MetricsEndpoint = Config['metrics'][number];
export type Thresholds = Config['thresholds'];
