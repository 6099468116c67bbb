import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {neededSection} from '../../scripts/needed-section.ts';

it('docs/security.md lists the calls as `npm run docs` writes them', () => {
	const page = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
	expect(page).toContain(`<!-- needed -->\n${neededSection()}\n<!-- /needed -->`);
});
