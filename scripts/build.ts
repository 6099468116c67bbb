// Bundles the console into dist/: one entry and a chunk for each lazy import, production React, so that the
// first frame comes fast. React's development build also leaks memory with each frame.
import {rmSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}/dist`, {recursive: true, force: true});

await build({
	absWorkingDir: root,
	entryPoints: ['source/cli.tsx'],
	outdir: 'dist',
	bundle: true,
	splitting: true,
	format: 'esm',
	platform: 'node',
	target: 'node22',
	minifySyntax: true,
	minifyWhitespace: true,
	legalComments: 'none',
	jsx: 'automatic',
	// fetch: Yoga would read its own WebAssembly through it, which loads all of undici first (100 ms, 15 MB).
	define: {fetch: 'undefined', 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
	alias: {
		// Ink loads the devtools only where DEV says so; they are not part of the project.
		'react-devtools-core': './scripts/empty.js',
		// dockerode brings these for ssh:// engines, which jetmedic refuses, and for image builds.
		ssh2: './scripts/empty.js',
		'@grpc/grpc-js': './scripts/empty.js',
		'@grpc/proto-loader': './scripts/empty.js',
		protobufjs: './scripts/empty.js',
	},
	banner: {
		js: "import {createRequire as __createRequire} from 'node:module';const require = __createRequire(import.meta.url);",
	},
	logLevel: 'warning',
});
