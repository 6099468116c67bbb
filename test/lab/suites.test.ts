import {describe, expect, it} from 'vitest';
import {recipes} from '../../lab/engine/suites.ts';

describe('recipes', () => {
	it('tries the newest suite first', () => {
		expect(recipes('bookworm').map((recipe) => recipe.suite)).toEqual(['forky', 'trixie', 'bookworm']);
	});

	it("takes runc and containerd from the machine's own release", () => {
		for (const {packages, suites} of recipes('trixie')) {
			expect(packages).toContain('runc/trixie');
			expect(packages).toContain('containerd/trixie');
			expect(suites).toContain('trixie');
		}
	});

	it('names no suite that its sources do not list, and none twice', () => {
		for (const {packages, suites} of recipes('bookworm')) {
			for (const name of packages) expect(suites).toContain(name.split('/')[1]);
			expect(new Set(suites).size).toBe(suites.length);
		}
	});

	it("never takes bookworm's Compose, which is version 1", () => {
		for (const {packages} of recipes('bookworm')) expect(packages).not.toContain('docker-compose/bookworm');
	});

	it('fetches iptables only for a machine that has none', () => {
		expect(recipes('bookworm', ['forky'], false)[0]?.packages).not.toContain('iptables/bookworm');
		expect(recipes('bookworm', ['forky'], true)[0]?.packages).toContain('iptables/bookworm');
	});
});
