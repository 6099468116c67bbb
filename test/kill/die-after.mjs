// Preloaded into a run by the tests (node --import): the process kills itself the moment a line of its journal that
// fits is on disk, before what it announces is begun. Nothing of the program knows of it.
import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';

/** What the line must hold, in the form `{"step":"purge","status":"running"}`. */
const wanted = JSON.parse(process.env.DIE_AFTER ?? 'null');
const {fsyncSync, writeFileSync} = fs;
let matched = false;

fs.writeFileSync = (file, data, ...rest) => {
	writeFileSync(file, data, ...rest);
	if (wanted && typeof file === 'number' && typeof data === 'string') {
		matched = data.split('\n').some((line) => fits(line));
	}
};
fs.fsyncSync = (file) => {
	fsyncSync(file);
	if (matched) {
		process.kill(process.pid, 'SIGKILL');
	}
};
syncBuiltinESMExports();

function fits(line) {
	try {
		const event = JSON.parse(line);
		return Object.entries(wanted).every(([key, value]) => event[key] === value);
	} catch {
		return false;
	}
}
