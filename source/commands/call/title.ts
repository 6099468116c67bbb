import type {Call} from './read-call.ts';

/**
What `ps` shows of a process: its command, its words, and the id of a run, by which an abort knows it. No other flag, for a value
may be an address with its password.
*/
export const titleOf = ({command, words, flags}: Call): string =>
	[
		'jetmedic',
		...(command === 'watch' ? [] : [command]),
		...words,
		...(flags.resume ? ['--resume'] : []),
		...(flags.id === undefined ? [] : [`--id=${flags.id}`]),
	].join(' ');
