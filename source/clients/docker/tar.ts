const blockBytes = 512;
const ends = Buffer.alloc(2 * blockBytes);

/**
A tar archive of a few small files, as the engine's PUT /containers/<id>/archive wants it: ustar, which every tar reads.
Their folders are not in it: the engine makes what is missing, and leaves the times of what is there to the file system.
(https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, "ustar Interchange Format")

@throws an Error where a path does not fit in the header.
*/
export function packTar(files: Record<string, string>): Buffer {
	const parts = Object.entries(files).flatMap(([path, text]) => {
		const content = Buffer.from(text);
		return [header(path, content.length), content, Buffer.alloc(padding(content.length))];
	});
	return Buffer.concat([...parts, ends]);
}

/**
The regular files of a tar archive, by path. What is not one (folders, links, extended headers) is left out, and so
is a file that was cut.
*/
export function unpackTar(archive: Buffer): Record<string, string> {
	const files: Record<string, string> = {};
	let at = 0;
	while (at + blockBytes <= archive.length) {
		const block = archive.subarray(at, at + blockBytes);
		const size = Number.parseInt(text(block, 124, 12).trim() || '0', 8);
		const path = [text(block, 345, 155), text(block, 0, 100)].filter(Boolean).join('/');
		const type = text(block, 156, 1);
		at += blockBytes;
		// An archive ends in empty blocks; a size that is none is no archive.
		if (path === '' || !(size >= 0) || at + size > archive.length) {
			break;
		}
		if (type === '0' || type === '') {
			files[path] = archive.toString('utf8', at, at + size);
		}
		at += size + padding(size);
	}
	return files;
}

function header(path: string, bytes: number): Buffer {
	if (Buffer.byteLength(path) > 100) {
		throw new Error(`The path ${path} is too long for a tar header.`);
	}
	const block = Buffer.alloc(blockBytes);
	const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
	block.write(path, 0);
	block.write(octal(0o600, 8), 100);
	block.write(octal(0, 8), 108);
	block.write(octal(0, 8), 116);
	block.write(octal(bytes, 12), 124);
	block.write(octal(0, 12), 136);
	// The sum is counted with spaces in its own place.
	block.write('        0', 148);
	block.write('ustar\0' + '00', 257);
	const sum = block.reduce((total, byte) => total + byte, 0);
	block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
	return block;
}

const padding = (bytes: number): number => (blockBytes - (bytes % blockBytes)) % blockBytes;

/** A field of a header: up to its first zero. */
function text(block: Buffer, at: number, width: number): string {
	const field = block.toString('utf8', at, at + width);
	const end = field.indexOf('\0');
	return end < 0 ? field : field.slice(0, end);
}
