/**
A signal that aborts a run: at SIGINT, SIGTERM and SIGQUIT, and at a fault of the program itself, so that what was
stopped is started again whatever happens. The end of the terminal, of a pipe, or of the SSH session aborts nothing.
*/
export function runSignal(): AbortSignal {
	const controller = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM', 'SIGQUIT'] as const) {
		process.on(name, () => controller.abort(new Error(name)));
	}
	process.on('SIGHUP', () => {});
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', () => {});
	}
	for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
		process.on(name, (error: unknown) => {
			controller.abort(new Error(`a fault of jetmedic (${String((error as Error)?.message ?? error)})`));
		});
	}
	return controller.signal;
}
