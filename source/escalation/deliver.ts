import {runProgram} from '../clients/command.ts';
import {postJson} from '../clients/webhook.ts';
import type {EscalationTarget} from '../config/escalation.ts';

/** What is told of an incident that was not mended in time. */
export type EscalationMessage = {
	deployment: string;
	host: string;
	/** When the incident began, ISO 8601. */
	since: string;
	/** What is wrong, in one line. */
	title: string;
	/** The report, Markdown. */
	text: string;
	/** The newest run of the incident: its id, and its result, or `running` or `killed`. */
	run?: {id: string; title: string; result: string};
};

// Mattermost refuses a post of more than 16,383 characters; Slack cuts at 40,000.
// https://docs.mattermost.com/administration-guide/configure/site-configuration-settings.html
const longestPost = 12_000;

/**
Gives the report to one target, once.

- A program reads it on its standard input and the facts in variables.
- A webhook gets it as JSON. `text` is what Slack and Mattermost show, escaped for them (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).

@throws an Error with why it has not got it, in a few words without a secret.
*/
export function deliver(
	target: EscalationTarget,
	message: EscalationMessage,
	deadlineMs: number,
): Promise<void> {
	const {deployment, host, since, title, text, run} = message;
	if (target.kind === 'command') {
		return runProgram({
			argv: target.argv,
			pass: target.pass,
			input: text,
			env: {
				JETMEDIC_DEPLOYMENT: deployment,
				JETMEDIC_HOST: host,
				JETMEDIC_SINCE: since,
				JETMEDIC_TITLE: title,
				JETMEDIC_RUN: run?.id ?? '',
				JETMEDIC_RUN_RESULT: run?.result ?? 'none',
			},
			deadlineMs,
		});
	}
	const escaped = chatText(text);
	const cut = escaped.length > longestPost;
	const shown = cut ? `${escaped.slice(0, longestPost).toWellFormed()}\n… (cut)` : escaped;
	const {url, headers = {}} = target.webhook;
	return postJson({url, headers, body: {...message, text: shown}, deadlineMs});
}

/**
Text as Slack wants it: there `<!channel>` calls everybody, and `<address|words>` is a link that says something else; & begins
what is escaped already. (https://docs.slack.dev/messaging/formatting-message-text, "Escaping text")
*/
export const chatText = (text: string): string =>
	text
		.replace(/&(?!(?:amp|lt|gt|#\d{1,6});)/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;');
