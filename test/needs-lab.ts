// Runs before each file of the integration and end-to-end tests: without a lab they fail, and say what is missing.
if (process.env['JETMEDIC_LAB_NAME'] === undefined) {
	throw new Error(
		'This test needs the lab: a real Docker engine and NATS server. `npm test` brings one up and takes it down; for ' +
			'one file: npm run lab -- exec --name test --isolated -- npx vitest run --project e2e FILE. ' +
			'Without an engine, `npm run test:unit` runs all that needs none.',
	);
}
