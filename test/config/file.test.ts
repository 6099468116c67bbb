import {chmod, mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {ConfigError} from '../../source/config/error.ts';
import type {Environment} from '../../source/config/folders.ts';
import {type LoadedConfig, loadConfig} from '../../source/config/load.ts';
import type {Config} from '../../source/config/schema.ts';
import {titan} from '../../source/config/titan.ts';
import {withoutRoot} from '../without-root.ts';
import {tempFolder} from './temp.ts';

async function load(text: string, env: Environment = {}): Promise<LoadedConfig & {cwd: string}> {
	const cwd = await tempFolder({'jetmedic.yaml': text});
	return {...(await loadConfig({cwd, env: {HOME: cwd, ...env}})), cwd};
}

const config = async (text: string, env?: Environment): Promise<Config> => (await load(text, env)).config;

/** The lines of the error that a file makes. */
async function problems(text: string, env?: Environment): Promise<string[]> {
	const error = await load(text, env).then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(ConfigError);
	const {message, problems: lines} = error as ConfigError;
	expect(message).toBe(lines.join('\n'));
	return [...lines];
}

const orders = 'deployment: orders\nstream: ORDERS\nconsumer: billing\nnats:\n  service: bus\n';

describe('what a file leaves out', () => {
	test('an empty file, one of comments and one of an empty section are the profile as it is', async () => {
		for (const text of ['', '\n# nothing yet\n', '{}', 'thresholds:\n  # lagWarn: 5\n']) {
			expect(await config(text)).toEqual(titan);
		}
	});

	test('one threshold changes that one only', async () => {
		const expected = {...titan, thresholds: {...titan.thresholds, lagWarn: 5}};
		expect(await config('thresholds:\n  lagWarn: 5\n')).toEqual(expected);
	});

	test('a list takes the place of the whole list', async () => {
		const text = 'logs:\n  signatures: [oops]\n';
		expect((await config(text)).logs).toEqual({...titan.logs, signatures: ['oops']});
	});

	test('the source is the absolute path of the file', async () => {
		const {source, cwd} = await load('keep: 5');
		expect(source).toBe(join(cwd, 'jetmedic.yaml'));
	});

	test.each(['deployment: titan', 'docker: {project: prod}', '{deployment: prod, docker: {project: titan}}'])(
		'%s keeps the titan profile',
		async (text) => {
			expect((await config(text)).stream).toBe('TITAN_INTENTS');
		},
	);

	test('another deployment has the thresholds, and nothing that is particular to titan', async () => {
		const loaded = await config(orders);
		expect(loaded).toMatchObject({
			deployment: 'orders',
			production: false,
			readOnly: false,
			docker: {project: 'orders'},
			stream: 'ORDERS',
			consumer: 'billing',
			health: [],
			metrics: [],
			logs: {services: [], signatures: titan.logs.signatures, tail: titan.logs.tail},
			thresholds: titan.thresholds,
			keep: 1000,
		});
		expect(loaded.nats).toEqual({service: 'bus', url: 'nats://127.0.0.1:4222'});
		expect(JSON.stringify(loaded).toLowerCase()).not.toContain('titan');
	});

	test('another deployment must name its stream, its consumer and its server', async () => {
		const why = 'The deployment "orders" is not built in, so the file must say it.';
		expect(await problems('production: true\ndeployment: orders\n')).toEqual([
			`jetmedic.yaml:2: nats.service: is missing (Compose service of the server). ${why}`,
			`jetmedic.yaml:2: stream: is missing (the stream that the runbooks act on). ${why}`,
			`jetmedic.yaml:2: consumer: is missing (the consumer whose lag is watched). ${why}`,
		]);
	});

	test('what lacks in a section has the line of the section, and in an entry that of the entry', async () => {
		const text = `${orders.replace('service: bus', 'user: me')}health:\n  - name: a\n    url: http://a/\n`;
		expect(await problems(text)).toEqual([
			expect.stringMatching(/^jetmedic\.yaml:4: nats\.service: is missing/),
			'jetmedic.yaml:7: health[0].healthy: is missing.',
		]);
	});

	test('a name that is none is one problem, and not a list of what is missing', async () => {
		expect(await problems('deployment:\n')).toEqual([
			'jetmedic.yaml:1: deployment: expected text, got nothing.',
		]);
		expect(await problems(orders.replace('orders', 'a b'))).toEqual([
			'jetmedic.yaml:1: deployment: expected only letters, digits, dot, dash and underscore, got "a b".',
		]);
	});

	test('relative paths count from the folder of the file, and ~ is the home folder', async () => {
		const cwd = await tempFolder({
			'etc/a.yaml': 'stateDir: state\nnats:\n  creds: ~/u.creds\n  tls: {ca: ca.pem, first: true}\n',
		});
		const loaded = await loadConfig({path: 'etc/a.yaml', cwd, env: {HOME: '/home/me'}});
		expect(loaded.config.stateDir).toBe(join(cwd, 'etc/state'));
		expect(loaded.config.nats.creds).toBe('/home/me/u.creds');
		expect(loaded.config.nats.tls).toEqual({ca: join(cwd, 'etc/ca.pem'), first: true});
		const docker = await config('docker: {files: [../a.yml, /b.yml], workingDir: ~/srv}', {HOME: '/home/me'});
		expect(docker.docker.files).toEqual([expect.stringMatching(/^\/.*\/a\.yml$/), '/b.yml']);
		expect(docker.docker.workingDir).toEqual(['/home/me/srv']);
		const {docker: variables} = await config('docker: {envFiles: [../prod.env]}');
		expect(variables.envFiles).toEqual([expect.stringMatching(/^\/.*\/prod\.env$/)]);
		expect((await config('docker: {envFiles: []}')).docker.envFiles).toEqual([]);
	});
});

describe('values that the schema refuses', () => {
	test.each([
		[
			'thresholds:\n  lagWarn: many',
			'2: thresholds.lagWarn: expected a whole number of at least 1, got "many".',
		],
		['keep: 0', '1: keep: expected a whole number of at least 1, got 0.'],
		['keep: 1.5', '1: keep: expected a whole number of at least 1, got 1.5.'],
		[
			'thresholds:\n  storageWarnPercent: 101',
			'2: thresholds.storageWarnPercent: expected a number from 0 to 100, got 101.',
		],
		['docker: {workingDir: 3}', '1: docker.workingDir: expected a folder or a list of folders, got 3.'],
		['readOnly: "yes"', '1: readOnly: expected true or false, got "yes".'],
		['stream: 12', '1: stream: expected text, got 12; put it in quotes.'],
		['stream:', '1: stream: expected text, got nothing.'],
		['stream: {a: 1}', '1: stream: expected text, got a section.'],
		['health: none', '1: health: expected a list, got "none".'],
		['logs: [a]', '1: logs: expected a section of "key: value" lines, got a list.'],
		['logs:\n  signatures: [x]', '2: logs.signatures[0]: expected at least 2 characters, got "x".'],
		[
			'\n\ndocker:\n  host: ftp://x',
			'4: docker.host: expected unix:///path or tcp://host:port, got "ftp://x".',
		],
		[
			'metrics:\n  - name: a\n    lag: x\n    url: nowhere',
			'4: metrics[0].url: expected an address such as http://127.0.0.1:3100/health, got "nowhere".',
		],
		['docker: &d {project: *d}', '1: docker.project: expected text, got a section.'],
	])('%j', async (text, problem) => {
		expect(await problems(text)).toEqual([`jetmedic.yaml:${problem}`]);
	});

	test('all problems are listed, by line', async () => {
		const text = 'keep: none\nthresholds:\n  lagWarn: 0\nstream: a b\n';
		expect((await problems(text)).map((line) => line.split(' ')[0])).toEqual([
			'jetmedic.yaml:1:',
			'jetmedic.yaml:3:',
			'jetmedic.yaml:4:',
		]);
	});

	test('the line is found through an alias', async () => {
		const text = `${orders}health:\n  - &a\n    name: x\n    url: bad\n    healthy: ok\n  - *a\n`;
		expect(await problems(text)).toContainEqual(
			expect.stringMatching(/^jetmedic\.yaml:9: health\[1\]\.url: /),
		);
	});

	test('terminal sequences of the file do not reach the terminal', async () => {
		const [line] = await problems('stream: "a\\e[31mb c\\u202e"');
		expect(line).toBe(
			'jetmedic.yaml:1: stream: expected only letters, digits, dot, dash and underscore, got "ab c".',
		);
	});
});

describe('keys that are not known', () => {
	test.each([
		['thresholds:\n  lagWarm: 5', '2: thresholds.lagWarm: is not a known key. Did you mean lagWarn?'],
		['thresholds:\n  lag_warn: 5', '2: thresholds.lag_warn: is not a known key. Did you mean lagWarn?'],
		['sream: x', '1: sream: is not a known key. Did you mean stream?'],
		['project: x', '1: project: is not a known key. Did you mean docker.project?'],
		[
			'docker:\n  zzz: x',
			'2: docker.zzz: is not a known key. The keys here are host, context, project, files, envFiles, workingDir.',
		],
		[
			'__proto__: {readOnly: true}',
			'1: __proto__: is not a known key. The keys here are deployment, production,',
		],
		['<<: {keep: 1}', '1: this is not a known key. The keys here are deployment, production,'],
	])('%j', async (text, problem) => {
		const lines = await problems(text);
		expect(lines).toHaveLength(1);
		expect(lines[0]).toContain(`jetmedic.yaml:${problem}`);
	});
});

describe('values that contradict each other', () => {
	test('a warning above its critical value, whichever the file has', async () => {
		expect(await problems('thresholds:\n  lagWarn: 20000')).toEqual([
			'jetmedic.yaml:2: thresholds.lagWarn: lagWarn (20000) must not be above lagCritical (10000).',
		]);
		expect(await problems('thresholds:\n  storageCriticalPercent: 50')).toEqual([
			'jetmedic.yaml:2: thresholds.storageCriticalPercent: storageWarnPercent (75) must not be above storageCriticalPercent (50).',
		]);
	});

	test('two endpoints of one name', async () => {
		const entry = '  - {name: a, url: "http://a/", lag: x}\n';
		expect(await problems(`metrics:\n${entry}${entry}`)).toEqual([
			'jetmedic.yaml:3: metrics[1].name: there is another entry with the name "a".',
		]);
	});

	test('a context beside an address or credentials', async () => {
		const text = 'nats:\n  context: prod\n  url: nats://h\n  token: hunter2\n';
		const why = 'nats.context takes the place of the address and the credentials; leave one of the two out.';
		expect(await problems(text)).toEqual([
			`jetmedic.yaml:3: nats.url: ${why}`,
			`jetmedic.yaml:4: nats.token: ${why}`,
		]);
	});
});

describe('JMESPath expressions', () => {
	const file = (healthy: string, show = 'a') =>
		`health:\n  - name: a\n    url: http://a/\n    healthy: "${healthy}"\n    show: "${show}"\n`;

	test('a good one is kept', async () => {
		expect((await config(file('length(a) > `0`'))).health[0]?.healthy).toBe('length(a) > `0`');
	});

	test('a broken one is named with its line, also beside other problems', async () => {
		expect(await problems(`${file('a[', 'a ==')}keep: 0\n`)).toEqual([
			expect.stringMatching(
				/^jetmedic\.yaml:4: health\[0\]\.healthy: is not a JMESPath expression: Syntax error: /,
			),
			expect.stringMatching(
				/^jetmedic\.yaml:5: health\[0\]\.show: is not a JMESPath expression: Syntax error: /,
			),
			expect.stringMatching(/^jetmedic\.yaml:6: keep: /),
		]);
	});

	test('a function that does not exist is found although it parses', async () => {
		expect(await problems(file("a[?nope(@) == 'x'] | [0]"))).toEqual([
			'jetmedic.yaml:4: health[0].healthy: is not a JMESPath expression: there is no function nope().',
		]);
	});
});

describe('YAML that cannot be read', () => {
	test.each([
		['stream: a\nkeep: 1\nstream: b', '3: the key "stream" is given twice.'],
		['a: 1\nnats:\n\turl: x', '3: not valid YAML: a tab in the indentation; use spaces.'],
		['stream: "a\nkeep: 1', '2: not valid YAML: something is missing here, such as a closing quote'],
		[
			'stream: a: b',
			'1: not valid YAML: the indentation does not fit the lines above, or a value that contains ": "',
		],
		[
			'stream: @x',
			'1: not valid YAML: a value that begins with a character that YAML reserves; put it in quotes.',
		],
		['stream: *x', '1: not valid YAML: an alias without its anchor; put the value in quotes'],
		['stream: !x y', '1: not valid YAML: a tag that is not known; put the value in quotes'],
		['stream: "\\q"', '1: not valid YAML: a backslash in "double quotes" that YAML does not know'],
		['keep: 1\n---\nkeep: 2', '2: not valid YAML: a second document begins here; only one is allowed.'],
		['- a', '1: expected lines of the form "key: value", got a list.'],
		['\njust words', '2: expected lines of the form "key: value", got a single value.'],
	])('%j', async (text, problem) => {
		expect((await problems(text))[0]).toContain(`jetmedic.yaml:${problem}`);
	});

	test('aliases that multiply are refused', async () => {
		const levels = Array.from({length: 9}, (_, i) => `a${i}: &a${i} [${i ? `*a${i - 1},`.repeat(9) : 'x'}]`);
		expect(await problems(levels.join('\n'))).toEqual([
			'jetmedic.yaml: not valid YAML: its aliases make it too large.',
		]);
	});

	test('nesting that would overflow the stack is refused', async () => {
		expect(await problems('['.repeat(200_000))).toEqual([
			'jetmedic.yaml:1: not valid YAML: it is nested too deeply.',
		]);
	});
});

describe('files that cannot be read', () => {
	const loadFrom = (cwd: string) => loadConfig({cwd, env: {HOME: cwd}});

	test('a directory', async () => {
		const cwd = await tempFolder();
		await mkdir(join(cwd, 'jetmedic.yaml'));
		await expect(loadFrom(cwd)).rejects.toThrow(
			/^jetmedic\.yaml: it is a directory; the configuration must be a YAML file\.$/,
		);
	});

	test('a device', async () => {
		const cwd = await tempFolder();
		await expect(loadConfig({path: '/dev/zero', cwd, env: {}})).rejects.toThrow(
			/^\/dev\/zero: it is not a regular file;/,
		);
	});

	test('a dangling link', async () => {
		const cwd = await tempFolder();
		await symlink(join(cwd, 'gone'), join(cwd, 'jetmedic.yaml'));
		await expect(loadFrom(cwd)).rejects.toThrow(
			/^jetmedic\.yaml: cannot read the file: there is no such file\.$/,
		);
	});

	test('one without permission', async () => {
		const cwd = await tempFolder({'jetmedic.yaml': ''});
		await chmod(cwd, 0o755);
		await chmod(join(cwd, 'jetmedic.yaml'), 0);
		await expect(withoutRoot(() => loadFrom(cwd))).rejects.toThrow(
			/^jetmedic\.yaml: cannot read the file: permission denied\.$/,
		);
	});

	test('one above 1 MiB, and one of exactly 1 MiB that is fine', async () => {
		const cwd = await tempFolder({'jetmedic.yaml': `#${'x'.repeat(1024 * 1024)}`});
		await expect(loadFrom(cwd)).rejects.toThrow(
			/^jetmedic\.yaml: the file has 1048577 bytes; more than 1 MiB is no configuration\.$/,
		);
		await writeFile(join(cwd, 'jetmedic.yaml'), `#${'x'.repeat(1024 * 1024 - 1)}`);
		expect((await loadFrom(cwd)).config).toEqual(titan);
	});

	test('one that is not text', async () => {
		const cwd = await tempFolder();
		await writeFile(join(cwd, 'jetmedic.yaml'), new Uint8Array([0x61, 0x3a, 0xff, 0xfe]));
		await expect(loadFrom(cwd)).rejects.toThrow(/^jetmedic\.yaml: the file is not UTF-8 text\.$/);
	});

	test('a file elsewhere is named by its whole path', async () => {
		const folder = await tempFolder({'a.yaml': 'keep: 0'});
		const cwd = await tempFolder();
		const path = join(folder, 'a.yaml');
		await expect(loadConfig({path, cwd, env: {}})).rejects.toThrow(`${path}:1: keep: expected`);
	});
});

// A `${NAME}` in these texts is the file's.
const variable = (name: string) => ['$', '{', name, '}'].join('');

describe('variables in values', () => {
	test('they are replaced in the address and the credentials, and nowhere else', async () => {
		const text = [
			'docker:',
			`  host: ${variable('ENGINE')}`,
			'nats:',
			`  url: nats://${variable('H')}:4222`,
			`  user: ${variable('U')}`,
			`  password: a${variable('P')}b$${variable('P')}`,
			`logs: {signatures: ["${variable('U')}"]}`,
		].join('\n');
		const loaded = await config(text, {ENGINE: 'tcp://e:1', H: 'h', U: 'me', P: 'hunter2'});
		expect(loaded.docker.host).toBe('tcp://e:1');
		expect(loaded.nats).toMatchObject({
			url: 'nats://h:4222',
			user: 'me',
			password: `ahunter2b${variable('P')}`,
		});
		expect(loaded.logs.signatures).toEqual([variable('U')]);
	});

	test('one that is unset, empty or misspelt is named with its line', async () => {
		const text = `nats:\n  user: ${variable('U')}\n  password: ${variable('P')}\n  token: ${variable('T:-x')}\n`;
		expect(await problems(text, {P: ''})).toEqual([
			'jetmedic.yaml:2: nats.user: the environment variable U is not set.',
			'jetmedic.yaml:3: nats.password: the environment variable P is empty.',
			`jetmedic.yaml:4: nats.token: expected ${variable('NAME')} with the name of an environment variable (write $$` +
				'{ for a plain ${).'.replace('$', '$'),
		]);
	});

	test('the value of a variable is not in a message', async () => {
		const lines = await problems(`docker:\n  host: ${variable('SECRET')}\n`, {SECRET: 'hunter2'});
		expect(lines).toEqual([
			`jetmedic.yaml:2: docker.host: expected unix:///path or tcp://host:port, got "${variable('SECRET')}".`,
		]);
	});
});

describe('a secret is never in a message', () => {
	test.each([
		'nats:\n  password: [hunter2]',
		'nats:\n  password: {hunter2: x}\n  token: 5\n  user: [hunter2]',
		'nats:\n  password hunter2: x',
		'nats: hunter2',
		'nats:\n  password hunter2',
		'nats:\n  tls: hunter2x\n  password: "hunter2',
		'nats:\n  password: *hunter2',
		'nats:\n  password: !hunter2 x',
		'nats:\n  password: "\\hunter2"',
		'nats:\n  password: @hunter2',
		'nats:\n  password: hunter2: x',
		'nats:\n  password: >hunter2\n',
		'nats:\n  password: "a" hunter2',
		'nats:\n  password: hunter2\n  password: hunter2',
		'nats:\n  pasword: hunter2',
		'nats:\n  url: [nats://me:hunter2@h]',
		'nats:\n  monitor: ftp://me:hunter2@h/',
		'docker:\n  host: ftp://me:hunter2@h',
		'health: [{name: a, url: "ftp://me:hunter2@h/?token=hunter2", healthy: "a["}]',
		'password: hunter2',
	])('%j', async (text) => {
		const lines = await problems(text);
		expect(lines.length).toBeGreaterThan(0);
		for (const line of lines) {
			expect(line).not.toMatch(/hunter2(?!x)/);
		}
	});
});

describe('the escalation', () => {
	const file = (...lines: string[]) => ['escalation:', ...lines.map((line) => `  ${line}`)].join('\n');

	test('has a command and a webhook, with variables in the address and in the headers', async () => {
		const {escalation} = await config(
			file(
				'afterMinutes: 0.05',
				'command: [pagerduty-send, --severity, critical]',
				'webhook:',
				`  url: https://hooks.example.com/${variable('HOOK')}`,
				`  headers: {Authorization: "Bearer ${variable('TOKEN')}", X-Plain: a}`,
			),
			{HOOK: 'T0/B1', TOKEN: 'hunter2'},
		);
		expect(escalation).toEqual({
			afterMinutes: 0.05,
			warnMinutes: 10,
			command: ['pagerduty-send', '--severity', 'critical'],
			webhook: {
				url: 'https://hooks.example.com/T0/B1',
				headers: {Authorization: 'Bearer hunter2', 'X-Plain': 'a'},
			},
		});
	});

	test('a program with a path counts from the folder of the file, and a bare name does not', async () => {
		const {config: loaded, cwd} = await load(file('command: [./tell.sh, ./x]'));
		expect(loaded.escalation.command).toEqual([join(cwd, 'tell.sh'), './x']);
	});

	test.each([
		['afterMinutes: 0', 'escalation.afterMinutes: expected a number from 0.01 to 1440, got 0.'],
		['afterMinutes: soon', 'escalation.afterMinutes: expected a number from 0.01 to 1440, got "soon".'],
		['warnMinutes: -1', 'escalation.warnMinutes: expected a number from 0 to 1440, got -1.'],
		['warnMinutes: 20', 'escalation.warnMinutes: warnMinutes (20) must not be above afterMinutes (15).'],
		['command: page --now', 'escalation.command: expected a list, got something else.'],
		['command: []', 'escalation.command: expected at least one entry, got a list.'],
		['command: [page, 5]', 'escalation.command[1]: expected text, got a number; put it in quotes.'],
		['command: [""]', 'escalation.command[0]: expected some text, got "".'],
		['webhook: {}', 'escalation.webhook.url: is missing (where the report is sent by POST).'],
		[
			'webhook: {url: "ftp://hunter2@h/hunter2"}',
			'escalation.webhook.url: expected an address such as https://hooks.example.com/services/1, got something else.',
		],
		[
			'webhook: {url: "http://h/", headers: {A: [hunter2]}}',
			'escalation.webhook.headers.A: expected text, got a list.',
		],
		[
			'webhook: {url: "http://h/", headers: {A: "hunter2\\r\\nB: c"}}',
			'escalation.webhook.headers.A: expected text of one line, without characters beyond ASCII, got something else.',
		],
		[
			'webhook: {url: "http://h/", headers: {"a b": hunter2}}',
			'escalation.webhook.headers: expected the name of a header, got something else.',
		],
		[
			'webhook: {url: "http://h/", header: {A: b}}',
			'escalation.webhook.header: is not a known key. Did you mean headers?',
		],
	])('%s', async (line, problem) => {
		expect(await problems(file(line))).toEqual([`jetmedic.yaml:2: ${problem}`]);
	});

	test('a variable that is not set is named with its line, and its value is in no message', async () => {
		const text = file('webhook:', `  url: ${variable('HOOK')}`, `  headers: {A: "${variable('TOKEN')}"}`);
		expect(await problems(text, {HOOK: 'hunter2'})).toEqual([
			'jetmedic.yaml:3: escalation.webhook.url: expected an address such as https://hooks.example.com/services/1, got something else.',
			'jetmedic.yaml:4: escalation.webhook.headers.A: the environment variable TOKEN is not set.',
		]);
	});

	test('before the minute of the warning is fine where the file does not name that', async () => {
		expect((await config(file('afterMinutes: 5'))).escalation).toEqual({afterMinutes: 5, warnMinutes: 10});
	});
});
