#!/usr/bin/env node
// Plain JavaScript without a static import, so that an old Node says a sentence and not a syntax error.
if (Number(process.versions.node.split('.')[0]) < 22) {
	process.stderr.write(
		`jetmedic needs Node.js 22 or newer; this is ${process.version} (${process.execPath}).\n`,
	);
	process.exit(1);
}
import('../dist/cli.js').catch((error) => {
	process.stderr.write(
		error && error.code === 'ERR_MODULE_NOT_FOUND'
			? 'jetmedic is not built: run `npm run build` in its folder first.\n'
			: String((error && error.stack) || error) + '\n',
	);
	process.exit(1);
});
