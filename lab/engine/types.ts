/** An engine the lab can use, with what every docker command needs to reach it. */
export type Engine = {
	/** `private`: started by the lab and stopped by it. `foreign`: was there before and stays. */
	kind: 'private' | 'foreign';
	/** For people: "private engine 28.5.2 (Debian forky)". */
	label: string;
	/** Variables to add to the environment of docker, compose and the tests. */
	env: Record<string, string>;
};
