import {keepsContract} from './contract.ts';
import {kindly} from './drive.ts';
import {open} from './open.ts';
import {config, healthyWorld} from './scenes.ts';
import {consume, publish} from './stream.ts';

keepsContract(async (work) => {
	const world = healthyWorld();
	const {deployment} = open(world, {
		name: 'contract',
		config,
		folder: 'contract',
		host: 'prod-1',
		fates: kindly,
	});
	await work({
		deployment: {...deployment, control: deployment.control!},
		async go(asked) {
			let isOver = false;
			const over = (): void => {
				isOver = true;
			};
			asked.then(over, over);
			await world.time.run(() => isOver);
			return asked;
		},
		async publish(name, count) {
			publish(world.streamAt(name)!, count, world.now());
		},
		async acknowledge(name, consumer, count) {
			const stream = world.streamAt(name)!;
			consume(stream, stream.consumers.get(consumer)!, count, world.now(), 0);
		},
	});
});
