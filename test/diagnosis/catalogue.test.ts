import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {cataloguePage} from '../../source/diagnosis/catalogue.ts';
import {doNot, madeWorseBy, rules} from '../../source/diagnosis/rules.ts';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe('the catalogue of findings', () => {
	test('docs/findings.md is what `npm run docs` writes', () => {
		expect(readFileSync(file('docs/findings.md'), 'utf8')).toBe(cataloguePage());
	});

	test('has every rule once, and each rule is a file of its name', () => {
		const ids = rules.map(({id}) => id);
		expect(new Set(ids).size).toBe(ids.length);
		const files = readdirSync(file('source/diagnosis/rules')).map((name) => name.replace('.ts', ''));
		expect([...ids].sort()).toEqual(files.sort());
		for (const id of ids) {
			expect(cataloguePage()).toContain(`\`${id}\`,`);
		}
	});

	test.each(rules.map((rule) => [rule.id, rule] as const))('%s says what an operator asks', (_, rule) => {
		expect(rule.meaning).toMatch(/^[^a-z].{20,}\.$/);
		expect(rule.evidence).toMatch(/^\S.{5,}[^.]$/);
		expect(rule.remedy).toMatch(/^\S.{2,}[^.]$/);
		if (rule.avoid !== undefined) {
			expect(doNot(rule.id)).toMatch(/^Do not [a-z].+: .+\.$/);
		}
		// A runbook that makes it worse needs the words that say why.
		expect(rule.worse === undefined || rule.avoid !== undefined).toBe(true);
	});

	test('tells which findings a runbook makes worse', () => {
		const found = (id: string) => ({id, severity: 'critical', title: id, evidence: ''}) as const;
		const seen = [found('nats-booting'), found('consumer-lag:A/b'), found('rule-failed:x')];
		expect(madeWorseBy('restart', seen).map(({id}) => id)).toEqual(['nats-booting']);
		expect(madeWorseBy('purge', seen).map(({id}) => id)).toEqual(['consumer-lag:A/b']);
		expect(madeWorseBy('resume', seen)).toEqual([]);
	});
});
