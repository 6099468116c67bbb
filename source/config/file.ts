import {dirname, relative, resolve} from 'node:path';
import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';
import {checkGiven, checkTogether} from './check.ts';
import {expandSteps} from './check-runbooks.ts';
import {ConfigError} from './error.ts';
import {explain, type Problem, showProblem} from './explain.ts';
import {type Environment, expandHome} from './folders.ts';
import {overlayNats} from './overlay.ts';
import {type ParsedFile, parseConfig} from './parse.ts';
import {profileFor} from './profile.ts';
import {readConfigFile} from './read.ts';
import type {Config} from './schema.ts';
import {substitute} from './substitute.ts';
import {whyUntrusted} from './trust-way.ts';
import {untrustedFiles} from './trusted-files.ts';
import {isSection, merge} from './values.ts';

type Nats = Config['nats'];

/**
The configuration that a file makes, completed from the profile that fits it (see `profileFor`). Relative
paths in it count from the folder of the file. zod and yaml are loaded here, and only here.

@param path - The file, absolute.
@throws ConfigError with all problems of the file, each with its line; and if others can change it, or what it names.
*/
export async function configFromFile(path: string, cwd: string, env: Environment): Promise<Config> {
	const label = labelOf(path, cwd);
	const text = await readConfigFile(path, label);
	// What another user wrote here would name programs that run with this user's rights, and servers that get his secrets.
	const untrusted = whyUntrusted(path);
	if (untrusted !== undefined) {
		throw new ConfigError(`${label} is not used. ${untrusted} Or name another file with --config.`);
	}
	const file = await parseConfig(text, label);
	const {configSchema} = await import('./schema.ts');
	const parsed = {...file, values: expandSteps(file.values)};

	const {base, builtIn} = profileFor(parsed.values);
	const {values, problems: unset} = substitute(parsed.values, env);
	const problems: Problem[] = unset.map(({path, text}) => ({path, text: `${text}.`}));

	problems.push(...(await checkGiven(parsed.values)));
	const result = configSchema.safeParse(merge(base, values));
	if (result.success) {
		problems.push(...checkTogether(parsed.values, result.data));
	} else {
		const {deployment} = parsed.values;
		const named = !builtIn && typeof deployment === 'string' ? deployment : undefined;
		const reported = new Set(unset.map(({path}) => path.join('.')));
		problems.push(
			...explain(result.error.issues, configSchema, parsed.values, named).filter(
				({path}) => !reported.has(path.join('.')),
			),
		);
	}
	if (!result.success || problems.length > 0) {
		throw new ConfigError(show(problems, label, parsed));
	}

	const config = result.data;
	const nats = isSection(values['nats']) ? (values['nats'] as Partial<Nats>) : {};
	// For another deployment the base lacks `service`; the schema has seen it in the file.
	const below = {...(base['nats'] as Nats), service: config.nats.service};
	const whole = absolute({...config, nats: overlayNats(below, nats)}, dirname(path), env);
	const changeable = untrustedFiles(whole, cwd);
	if (changeable.length > 0) {
		throw new ConfigError(show(changeable, label, parsed));
	}
	return whole;
}

/** The file as the operator thinks of it: `jetmedic.yaml` in the working folder, else the whole path. */
function labelOf(path: string, cwd: string): string {
	const near = relative(cwd, path);
	return sanitize(redact(sanitize(near === '' || near.startsWith('..') ? path : near)), 300);
}

function show(problems: readonly Problem[], label: string, parsed: ParsedFile): string[] {
	return problems
		.map((problem, order) => {
			// What is missing has no line of its own; at the top, the name of the deployment is why it is needed.
			const line = parsed.lineOf(problem.path) ?? parsed.lineOf(['deployment']);
			return {line, order, text: showProblem(label, line, problem)};
		})
		.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || a.order - b.order)
		.map(({text}) => text);
}

function absolute(config: Config, folder: string, env: Environment): Config {
	const whole = (path: string | undefined) =>
		path === undefined ? undefined : resolve(folder, expandHome(path, env));
	const {nats, stateDir, escalation} = config;
	// A bare name is looked for in PATH, as a shell does.
	const wholeProgram = ([program = '', ...args]: string[] = []) =>
		program === '' ? undefined : [program.includes('/') ? (whole(program) ?? '') : program, ...args];
	const files = {nkey: whole(nats.nkey), creds: whole(nats.creds)};
	const system =
		nats.system &&
		withoutUndefined({...nats.system, nkey: whole(nats.system.nkey), creds: whole(nats.system.creds)});
	const tls = nats.tls && {
		...nats.tls,
		ca: whole(nats.tls.ca),
		cert: whole(nats.tls.cert),
		key: whole(nats.tls.key),
	};
	const {docker} = config;
	const folders =
		docker.workingDir === undefined ? undefined : [docker.workingDir].flat().map((one) => whole(one) ?? '');
	return withoutUndefined({
		...config,
		docker: withoutUndefined({
			...docker,
			files: docker.files?.map((file) => whole(file) ?? ''),
			envFiles: docker.envFiles?.map((file) => whole(file) ?? ''),
			workingDir: folders,
		}),
		stateDir: whole(stateDir),
		escalation: withoutUndefined({...escalation, command: wholeProgram(escalation.command)}),
		nats: withoutUndefined({...nats, ...files, system, tls: tls && withoutUndefined(tls)}),
	});
}

function withoutUndefined<T extends object>(value: T): T {
	return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
