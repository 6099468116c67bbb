// Binds the name of a lock, says what it is told to say, and stays until it is killed: as any user of a host can.
import net from 'node:net';

const [address, said] = process.argv.slice(2);
net
	.createServer((socket) => {
		socket.on('error', () => {});
		if (said !== 'nothing') {
			socket.end(said);
		}
	})
	.listen(address.replace('@', '\0'), () => process.stdout.write('bound\n'));
