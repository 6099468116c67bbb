/**
What some tests need of the machine. Where it is lacking they skip themselves, but not in a run that must leave nothing
out (`JETMEDIC_TEST_ALL=1`, as CI sets it): there it is a failure.
*/
function able(what: string, is: boolean): boolean {
	if (!is && process.env['JETMEDIC_TEST_ALL'] === '1') {
		throw new Error(`This machine can not ${what}, and JETMEDIC_TEST_ALL says that no test may be left out.`);
	}
	return is;
}

const isLinux = process.platform === 'linux';
const isRoot = isLinux && process.getuid?.() === 0;

/** Whether processes and their namespaces can be read: on Linux. */
export const hasProc = able('tell processes apart by /proc', isLinux);

/** Whether a small file system can be mounted, to be filled: as root on Linux. */
export const canMount = able('mount a file system', isRoot);

/** Whether a program can be started as another user, or as if on another host: as root on Linux. */
export const canBecome = able('become another user', isRoot);
