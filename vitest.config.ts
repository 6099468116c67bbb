import {defineConfig} from 'vitest/config';

// A lab is one deployment: tests that use it run one file after the other.
const onLab = {
	fileParallelism: false,
	testTimeout: 60_000,
	hookTimeout: 120_000,
	pool: 'forks',
	// Deadlines of half a second on a shared machine: one second chance, which the report counts as a retry.
	retry: 1,
	setupFiles: 'test/needs-lab.ts',
} as const;

export default defineConfig({
	test: {
		projects: [
			{
				extends: true,
				test: {
					name: 'unit',
					include: ['test/**/*.test.{ts,tsx}'],
					exclude: ['test/integration/**', 'test/e2e/**', 'test/cluster/**'],
				},
			},
			{extends: true, test: {name: 'integration', include: ['test/integration/**/*.test.ts'], ...onLab}},
			{extends: true, test: {name: 'cluster', include: ['test/cluster/**/*.test.ts'], ...onLab}},
			{extends: true, test: {name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...onLab}},
		],
	},
});
