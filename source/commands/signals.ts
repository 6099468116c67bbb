/**
A signal that aborts at SIGINT or SIGTERM. SIGHUP, the end of the terminal, is ignored where `hangup` says so:
a run goes on without its terminal.
*/
export function abortOnSignals({hangup}: {hangup: 'abort' | 'ignore'}): AbortSignal {
	const controller = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM', ...(hangup === 'abort' ? (['SIGHUP'] as const) : [])] as const) {
		process.on(name, () => controller.abort(new Error(name)));
	}
	if (hangup === 'ignore') {
		process.on('SIGHUP', () => {});
	}
	return controller.signal;
}
