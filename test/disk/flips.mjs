// Preloaded into a run by the tests (node --import): a disk that does not keep what was written. Once an archive is on
// it, one of its bytes is another. Linux only: it asks /proc which file that is.
import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';

const {fsyncSync} = fs;

fs.fsyncSync = (file) => {
	fsyncSync(file);
	const path = fs.readlinkSync(`/proc/self/fd/${file}`);
	if (path.endsWith('/stream.tar.s2')) {
		const at = Math.floor(fs.statSync(path).size / 2);
		const archive = fs.openSync(path, 'r+');
		const byte = Buffer.alloc(1);
		fs.readSync(archive, byte, 0, 1, at);
		byte[0] ^= 0xff;
		fs.writeSync(archive, byte, 0, 1, at);
		fs.closeSync(archive);
	}
};
syncBuiltinESMExports();
