import type {World} from './world.ts';

/** What happened in a world, a line each: when, who, what. */
export const storyOf = ({story}: World): string =>
	story
		.map(({at, who, text}) => `${(at / 1000).toFixed(3).padStart(9)} s  ${who.padEnd(9)} ${text}`)
		.join('\n');
