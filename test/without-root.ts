/**
Does work without root's rights, which no permission of a file stops: as `nobody` where the tests run as root,
as in a container.
*/
export async function withoutRoot<T>(work: () => T | Promise<T>): Promise<T> {
	if (process.geteuid?.() !== 0) {
		return await work();
	}
	process.seteuid?.(65_534);
	try {
		return await work();
	} finally {
		process.seteuid?.(0);
	}
}
