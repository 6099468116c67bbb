// Takes the lock that it is told, says how it went, and holds it until it is killed.
import {holderHere} from '../../source/lock/holder.ts';
import {takeLock} from '../../source/lock/host-lock.ts';

const [address = '', run = ''] = process.argv.slice(2);
try {
	await takeLock(address.replace('@', '\0'), holderHere(run, 'restart', process.env));
	process.stdout.write('held\n');
	setInterval(() => {}, 1000);
} catch (error) {
	process.stdout.write(`${(error as Error).message}\n`);
}
