import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';

/**
Runs a program again inside a lab of its own, isolated from every other one, and takes the lab down whatever happens.
Inside that lab the environment names it: `JETMEDIC_LAB_NAME`.

@param file - The program's file.
@param args - Its arguments.
@returns Its exit code.
*/
export function inOwnLab(name: string, file: string, args: readonly string[]): number {
	const lab = (...given: string[]): number =>
		spawnSync(process.execPath, [fileURLToPath(new URL('./cli.ts', import.meta.url)), ...given], {
			stdio: 'inherit',
		}).status ?? 1;
	const instance = ['--name', name, '--isolated'];
	try {
		return lab('up', ...instance) || lab('exec', ...instance, '--', process.execPath, file, ...args);
	} finally {
		lab('down', ...instance);
	}
}
