import {describe, expect, it} from 'vitest';
import {titan} from '../../source/config/titan.ts';
import type {Finding} from '../../source/diagnosis/finding.ts';
import {chatText} from '../../source/escalation/deliver.ts';
import {escalationMessage} from '../../source/escalation/message.ts';
import {exactForms} from '../../source/text/redact.ts';
import {tempPlace} from '../runbook/fixture.ts';

async function told(changes: Partial<Finding>, secrets: string[] = []): Promise<string> {
	const finding = {
		id: 'log-signature',
		severity: 'critical',
		title: 't',
		evidence: 'e',
		...changes,
	} as Finding;
	return escalationMessage({
		place: await tempPlace(),
		config: titan,
		host: 'prod-1',
		since: 0,
		now: 900_000,
		findings: [finding],
		run: undefined,
		secrets: exactForms(secrets),
	}).text;
}

describe('what is told of an incident', () => {
	it('is no Markdown of names and log lines', async () => {
		const text = await told({
			title: '**all fine** [click](http://evil) `x` | y',
			evidence: '<img src=x> <!channel> @here # none\n# Owned',
			advice: 'look at _this_ ~~not~~',
		});
		expect(text).toContain('\\*\\*all fine\\*\\* \\[click\\](http&#58;//evil) \\`x\\` \\| y');
		expect(text).toContain('&lt;img src=x&gt; &lt;!channel&gt; &#64;here # none # Owned');
		expect(text).not.toMatch(/<|^# Owned/m);
	});

	it('has no secret of the configuration, in whatever form a log line has it', async () => {
		const secret = 'p@ss/w*rd 1';
		const text = await told(
			{
				title: `said ${secret}`,
				evidence: `${encodeURIComponent(secret)} ${Buffer.from(secret).toString('base64')}`,
			},
			[secret],
		);
		expect(text).toContain('said \\*\\*\\*: \\*\\*\\* \\*\\*\\*');
		expect(text).not.toMatch(/w.{0,3}rd|cEBz/);
	});

	it('has the command of its remedy as it is copied', async () => {
		expect(await told({runbook: 'service.x; rm -rf ~' as never})).toContain(
			"→ `jetmedic run 'service.x; rm -rf ~'`",
		);
	});
});

describe('chatText', () => {
	it.each([
		['<!channel> & <http://evil|good>', '&lt;!channel&gt; &amp; &lt;http://evil|good&gt;'],
		['&lt;b&gt; &#64;here &amp; &copy;', '&lt;b&gt; &#64;here &amp; &amp;copy;'],
		['plain `code` **bold**', 'plain `code` **bold**'],
	])('escapes %s', (text, escaped) => {
		expect(chatText(text)).toBe(escaped);
	});
});
