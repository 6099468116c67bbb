import {describe, expect, it} from 'vitest';
import {
	eventSchema,
	inspectedSchema,
	listedSchema,
	serviceOf,
	toFacts,
} from '../../../source/clients/docker/schema.ts';

// GET /containers/titan-brain/json of engine 28.5.2, shortened to one entry of each list.
const recorded = {
	Id: '4f1c7d3a9b6e',
	Created: '2026-11-23T19:28:11.102938475Z',
	Name: '/titan-brain',
	RestartCount: 2,
	Platform: 'linux',
	State: {
		Status: 'running',
		Running: true,
		Pid: 17_431,
		ExitCode: 0,
		Error: '',
		OOMKilled: false,
		StartedAt: '2026-11-23T19:28:17.402938475Z',
		FinishedAt: '0001-01-01T00:00:00Z',
		Health: {
			Status: 'unhealthy',
			FailingStreak: 4,
			Log: [
				{Start: '', End: '', ExitCode: 1, Output: 'first failure'},
				{Start: '', End: '', ExitCode: 1, Output: 'wget: server returned error:\nHTTP/1.1 503\n'},
				{Start: '', End: '', ExitCode: 0, Output: 'fine again'},
			],
		},
	},
	Config: {
		Image: 'jetmedic-lab/services:local',
		Tty: false,
		StopTimeout: 5,
		Env: ['NATS_URL=nats://titan-nats:4222'],
		Labels: {
			'com.docker.compose.project': 'titan',
			'com.docker.compose.service': 'titan-brain',
			'com.docker.compose.container-number': '1',
			'com.docker.compose.depends_on': 'titan-nats:service_healthy:false,titan-db:service_started:true',
		},
	},
	NetworkSettings: {
		Networks: {titan_titan: {IPAddress: '172.18.0.3'}},
		Ports: {'3100/tcp': [{HostIp: '127.0.0.1', HostPort: '3100'}], '9000/tcp': null},
	},
};

const facts = (changes: object = {}) => toFacts(inspectedSchema.parse({...recorded, ...changes}));

describe('toFacts', () => {
	it.each([
		['/nats-server', ['-js']],
		['docker-entrypoint.sh', ['nats-server', '--config', '/etc/nats.conf']],
		['tini', ['--', '/usr/local/bin/nats-server', '-js']],
	])('knows a NATS server by what it runs: %s %j', (Path, Args) => {
		expect(facts({Path, Args}).natsServer).toBe(true);
	});

	it.each([
		['nats', ['sub', '>']],
		['sh', ['-c', 'while true; do nats-server --help; done']],
		['node', ['app.js', '--wait-for', 'nats://nats-server:4222']],
	])('takes nothing else for one: %s %j', (Path, Args) => {
		expect(facts({Path, Args}).natsServer).toBeUndefined();
	});

	it('takes from a recorded answer what is watched', () => {
		expect(facts()).toEqual({
			service: 'titan-brain',
			composeService: 'titan-brain',
			number: 1,
			containerId: '4f1c7d3a9b6e',
			containerName: 'titan-brain',
			image: 'jetmedic-lab/services:local',
			status: 'running',
			health: 'unhealthy',
			exitCode: 0,
			oomKilled: false,
			restarts: 2,
			startedAt: Date.parse('2026-11-23T19:28:17.402Z'),
			finishedAt: undefined,
			dependsOn: ['titan-nats', 'titan-db'],
			networks: ['titan_titan'],
			addresses: ['172.18.0.3'],
			ports: ['127.0.0.1:3100->3100/tcp'],
			stopTimeoutSeconds: 5,
			healthOutput: 'wget: server returned error: HTTP/1.1 503 ',
		});
	});

	it('says nothing of a health check where there is none', () => {
		const {Health: _health, ...State} = recorded.State;
		expect(facts({State})).toMatchObject({health: 'none', healthOutput: undefined});
	});

	it('knows the gateways of its networks', () => {
		const of = (network: object) => facts({NetworkSettings: {Networks: {a: network}, Ports: {}}}).gateways;
		expect(of({IPAddress: '172.18.0.3', Gateway: '172.18.0.1', IPv6Gateway: 'fd00::1'})).toEqual([
			'172.18.0.1',
			'fd00::1',
		]);
		expect(of({IPAddress: '172.18.0.3', Gateway: ''})).toBeUndefined();
	});

	it("does not take one that shares another's network for cut off", () => {
		const of = (NetworkMode: string) =>
			facts({HostConfig: {NetworkMode}, NetworkSettings: {Networks: {}, Ports: {}}}).networks;
		expect(of('container:4f1c7d3a9b6e')).toEqual(['container:4f1c7d3a9b6e']);
		expect(of('none')).toEqual(['none']);
		expect(of('titan_titan')).toEqual([]);
	});

	it('knows how many cores it may use', () => {
		const of = (HostConfig: object) => facts({HostConfig}).cpuLimit;
		expect(of({NanoCpus: 1_500_000_000})).toBe(1.5);
		expect(of({CpuQuota: 50_000, CpuPeriod: 100_000})).toBe(0.5);
		expect(of({CpuQuota: 50_000})).toBe(0.5);
		expect(of({})).toBeUndefined();
	});

	it('names a replica by its number from the second on', () => {
		const labels = {'com.docker.compose.service': 'worker'};
		expect(serviceOf({...labels, 'com.docker.compose.container-number': '1'})).toBe('worker');
		expect(serviceOf({...labels, 'com.docker.compose.container-number': '3'})).toBe('worker-3');
		expect(serviceOf(labels)).toBe('worker');
		expect(serviceOf(undefined)).toBe('');
	});

	it('lets no escape sequence of a name, a label or an output through', () => {
		const evil = '\u001b]52;c;cm0gLXJm\u0007\u202e';
		const hostile = facts({
			Name: `/${evil}name`,
			Config: {
				Image: `${evil}image`,
				Labels: {
					'com.docker.compose.service': `${evil}service`,
					'com.docker.compose.depends_on': `${evil}needs:x:y`,
					'com.docker.compose.container-number': '2\u001b[31m',
				},
			},
			State: {
				...recorded.State,
				Health: {Status: 'unhealthy', Log: [{ExitCode: 1, Output: `${evil}output`}]},
			},
			NetworkSettings: {
				Networks: {[`${evil}net`]: {}},
				Ports: {[`${evil}1/tcp`]: [{HostIp: evil, HostPort: evil}]},
			},
		});
		expect(JSON.stringify(hostile)).not.toMatch(/\\u001b|\\u0007|\u202e|cm0g/);
		expect(hostile).toMatchObject({service: 'service-2', networks: ['net'], dependsOn: ['needs']});
	});

	it.each([
		[
			'wrong types',
			{RestartCount: 'many', NetworkSettings: 'none', Config: {Image: 5, Labels: [], Tty: 'no'}},
		],
		['a health of its own', {State: {Status: 'running', Health: {Status: 7, Log: 'none'}}}],
		['nothing but nulls', {Name: null, NetworkSettings: null, Config: {Labels: null, StopTimeout: null}}],
		[
			'numbers beyond all measure',
			{RestartCount: 1e300, State: {Status: 'running', ExitCode: Number.NaN, Pid: -1e99}},
		],
	])('stands %s', (_, changes) => {
		const {restarts, status, exitCode, health} = facts(changes);
		expect({restarts, exitCode}).toEqual({restarts: 'RestartCount' in changes ? 0 : 2, exitCode: 0});
		expect(['running', 'dead']).toContain(status);
		expect(['none', 'unhealthy']).toContain(health);
	});

	it.each([{}, {Status: 'levitating'}, {Status: null}])(
		'does not take %j for a state: it is not read',
		(State) => {
			expect(inspectedSchema.safeParse({Id: 'x', Name: 'x', Config: {}, State}).success).toBe(false);
		},
	);

	it.each([null, 5, 'text', [], {}, {Id: 5}, {Id: 'x', Labels: {}, State: {}}])(
		'refuses %j as a container',
		(hostile) => {
			expect(inspectedSchema.safeParse(hostile).success).toBe(false);
		},
	);
});

describe('the other answers of the engine', () => {
	it('does not read a row of a list whose labels are nonsense: nobody knows whose it is', () => {
		expect(listedSchema.safeParse({Id: 'x', Labels: {a: 5}}).success).toBe(false);
		expect(listedSchema.safeParse({Labels: {}}).success).toBe(false);
	});

	it('reads an event without attributes', () => {
		const event = {Type: 'container', Action: 'die', Actor: {ID: 'x', Attributes: null}};
		expect(eventSchema.parse(event).Actor.Attributes).toEqual({});
		expect(eventSchema.safeParse({Type: 'container'}).success).toBe(false);
	});
});
