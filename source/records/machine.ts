import {readFileSync, readlinkSync} from 'node:fs';

/**
What a process id is valid in: this boot of this machine's kernel and this namespace of process ids (a container has its
own). Empty where that can't be known. (random(4), "boot_id"; pid_namespaces(7))
*/
export function machineId(): string {
	try {
		const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
		return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
	} catch {
		return '';
	}
}
