/** One way to put an engine together from Debian packages, as `package/suite` names for apt-get. */
export type Recipe = {suite: string; suites: string[]; packages: string[]};

const ORDER = ['forky', 'trixie', 'bookworm'];

/**
 * The recipes to try, best first. runc, containerd, iptables and busybox come from the machine's own release,
 * because a newer release's builds want a newer libc than the machine has.
 * @param release the machine's Debian code name, for example `bookworm`
 * @param order suites to try instead of the usual ones (JETMEDIC_LAB_SUITES)
 * @param withIptables also fetch iptables, for a machine that has none
 */
export function recipes(release: string, order: readonly string[] = ORDER, withIptables = true): Recipe[] {
	const own = ['runc', 'containerd', 'busybox-static', ...(withIptables ? IPTABLES : [])].map(
		(name) => `${name}/${release}`,
	);
	return order.map((suite) => {
		// bookworm's own docker-compose is version 1, and its docker.io brings the command-line client itself
		const old = suite === 'bookworm';
		const names = old
			? [
					'docker.io/bookworm',
					'nats-server/bookworm',
					'tini/bookworm',
					'docker-compose/trixie',
					'docker-buildx/trixie',
				]
			: [
					'docker.io',
					'docker-cli',
					'docker-compose',
					'docker-buildx',
					'nats-server',
					suite === 'trixie' ? 'tini' : 'tini-static',
				].map((name) => `${name}/${suite}`);
		const suites = [...new Set([...(old ? ['bookworm', 'trixie'] : [suite]), release])];
		return {suite, suites, packages: [...names, ...own]};
	});
}

const IPTABLES = [
	'iptables',
	'libip4tc2',
	'libip6tc2',
	'libxtables12',
	'libmnl0',
	'libnftnl11',
	'libnfnetlink0',
	'libnetfilter-conntrack3',
];
