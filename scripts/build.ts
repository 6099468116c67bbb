// Bundles the console into dist/: one entry and a chunk for each lazy import, production React, so that the
// first frame comes fast. React's development build also leaks memory with each frame.
import {readFileSync, rmSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {build, type Plugin} from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}/dist`, {recursive: true, force: true});

/**
Ink 8 makes its caches of parsed rows anew for each frame, so that every row of the screen is parsed in every
frame although one has changed: a third of a frame's cost. Here they live on, bounded. An Ink in which the line
is another one fails the build.
*/
const keepRowCaches: Plugin = {
	name: 'keep-row-caches',
	setup(esbuild) {
		esbuild.onLoad({filter: /ink\/build\/output\.js$/}, ({path}) => {
			const made = 'caches = new OutputCaches();';
			const source = readFileSync(path, 'utf8');
			if (source.split(made).length !== 2) {
				throw new Error(`${path} does not hold "${made}" once: see scripts/build.ts`);
			}
			const kept = `let kept; const keptCaches = () =>
				kept && kept.styledChars.size < 300 && kept.widths.size < 3000 ? kept : (kept = new OutputCaches());`;
			return {contents: `${source.replace(made, 'caches = keptCaches();')}\n${kept}`, loader: 'js'};
		});
	},
};

await build({
	plugins: [keepRowCaches],
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
