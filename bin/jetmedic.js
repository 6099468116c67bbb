#!/usr/bin/env node
// Plain JavaScript without a static import of the bundle, so that an old Node says a sentence and not a syntax
// error.
import module from 'node:module';
import {homedir} from 'node:os';
import path from 'node:path';

// 1 is "warning" to whoever runs `check`, and 3 "unknown": see source/commands/call/command-table.ts.
const failed = process.argv.includes('check') ? 3 : 1;

if (Number(process.versions.node.split('.')[0]) < 22) {
	process.stderr.write(
		`jetmedic needs Node.js 22 or newer; this is ${process.version} (${process.execPath}).\n`,
	);
	process.exit(failed);
}
// A question changes nothing, and leaves no file either.
const isQuestion = process.argv.some((argument) => /^(-h|--help|--version)$/.test(argument));
// A console runs for hours on a host in need: V8 would give its young objects 48 MB, and 12 are enough; with less, a
// frame's garbage grows old and stays. One helper thread is enough too. Only flags at the start say so; this process
// becomes that one where Node can (from 22.15 on), which costs 30 ms. See also commands/lean.ts.
const isConsole =
	process.stdout.isTTY &&
	!isQuestion &&
	!process.argv.slice(2).some((argument) => /^(check|run|escalate)$/.test(argument));
if (isConsole && process.execve && process.execArgv.length === 0) {
	const flags = ['--max-semi-space-size=4', '--v8-pool-size=1'];
	// And one arena of malloc, where glibc would take eight a core.
	const env = {MALLOC_ARENA_MAX: '1', ...process.env};
	process.execve(process.execPath, [process.execPath, ...flags, ...process.argv.slice(1)], env);
}
// Compiling the bundle is half of the time to the first frame; V8 keeps what it compiled here. A folder that
// can't be written only costs that time again.
if (!isQuestion) {
	module.enableCompileCache?.(
		path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'jetmedic'),
	);
}

import('../dist/cli.js').catch((error) => {
	process.stderr.write(
		error.code === 'ERR_MODULE_NOT_FOUND'
			? 'jetmedic is not built: run `npm run build` in its folder first.\n'
			: `${error.stack || error}\n`,
	);
	process.exit(failed);
});
