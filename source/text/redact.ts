// The names of what is secret, with the words that stand before them: auth_token, NATS_PASSWORD, clientSecret, x-api-key.
const names =
	'(?<![a-z0-9])(?:(?:access|admin|api|auth|bearer|client|db|id|nats|operator|private|proxy|refresh|session|shared|signing|sys|user|webhook)[-_]?){0,3}' +
	'(?:pass(?:word|wd|phrase|code)?|pwd|token|secret(?:[-_]?key)?|(?:api|access|private|account)[-_]?key|authorization|credentials|seed|jwt)';
// Where the text is JSON within JSON, its quotes carry backslashes.
const quote = '\\\\*["\']';
// To the quote that ends it; without quotes to a blank or what parts one setting from the next.
const value = [
	'"(?:[^"\\\\]|\\\\[^])*"',
	'\\\\+"[^]*?\\\\+"(?=\\s*[,;:}\\]]|$)',
	"\\\\*'[^']*'",
	// A quote that is cut off before its end.
	'\\\\*["\'][^"\']*$',
	`(?:(?:bearer|basic|digest|negotiate|nats)\\s+)?(?:[^\\s"',;&}\\\\]|,(?!\\s|["'}]|$|[\\w-]+["']?\\s*[=:])|\\\\(?!["']))+`,
].join('|');

const patterns: [RegExp, string][] = [
	// A password may hold a slash or an @ as it is; a port with a path behind it is none.
	[/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@:,"'[\]]*:(?!\d{1,5}(?:[/?#]|$))[^\s,"']*|[^/\s@]+)@/gi, '$1***@'],
	// Who has the address of such a hook may post to it.
	[/\b(hooks\.slack\.com\/(?:services|workflows)|discord(?:app)?\.com\/api\/webhooks)\/[^\s"']+/gi, '$1/***'],
	// The armour of nsc and of PEM, also when its end is cut off.
	[/-----+ *BEGIN [A-Z ]+-----+.*?(?:-----+ *END [A-Z ]+-----+|$)/gs, '***'],
	[new RegExp(`(?<![a-z-])((?:set-)?cookie${quote}?\\s*:\\s*)[^"'\\n]+`, 'gi'), '$1***'],
	[new RegExp(`(${names}(?:${quote})?\\s*(?:=>|[:=])\\s*)(${value})`, 'gi'), ''],
	// nats.js and the server name this field of CONNECT so.
	[/("(?:sig|auth_token|nkey_seed)"\s*:\s*")[^"]*/g, '$1***'],
	// The flags of command lines: nats, curl, docker.
	[
		/((?<![\w-])--?(?:[a-z]{1,20}-){0,3}(?:password|passwd|token|secret|seed|api-key)\s+)(?!-)(?:"[^"]*"|'[^']*'|\S+)/gi,
		'$1***',
	],
	[/((?:^|\s)(?:-u|--user)[\s=]+["']?[^\s:"']+:)[^\s"']+/g, '$1***'],
	// Without its header's name: a scheme and what only a secret looks like.
	[/\b(bearer|basic)(\s+)(?=[\w.~+/=-]*[\d=])[\w.~+/=-]{6,}/gi, '$1$2***'],
	// nkey seeds and JWTs are recognised by their own form (https://docs.nats.io/using-nats/nats-tools/nk), JWTs also cut.
	[/(?<![A-Za-z0-9])S[ACNOUX][A-Z2-7]{50,}(?![a-z])/g, '***'],
	[/(?<![A-Za-z0-9])eyJ[\w-]{10,}(?:\.[\w-]*){0,2}/g, '***'],
	// Tokens that carry their kind in front.
	[/\b(?:gh[oprsu]_|github_pat_|glpat-|xox[abeprs]-|sk-|sk_live_)[\w-]{16,}/g, '***'],
];

/**
The text without the secrets that addresses, headers, settings and command lines carry: `nats://user:pass@host`
becomes `nats://***@host`, and the values of `token=`, `password=`, `Authorization:` and the like are hidden.

@param exact - Values that are secret wherever they stand; see `exactForms`.
*/
export function redact(text: string, exact: readonly RegExp[] = []): string {
	let hidden = text;
	for (const secret of exact) {
		hidden = hidden.replace(secret, '***');
	}
	for (const [pattern, replacement] of patterns) {
		hidden = replacement === '' ? hidden.replace(pattern, hideValue) : hidden.replace(pattern, replacement);
	}
	return hidden;
}

/** Keeps the quotes around a value, so that what was JSON stays JSON. */
function hideValue(_whole: string, name: string, found: string): string {
	const [, open = ''] = /^(\\*["'])/.exec(found) ?? [];
	return `${name}${open}***${open}`;
}

/**
What finds these secrets in a text in every form that they are written in: as they are, percent-encoded, base64,
as in JSON. The longest first, since one may be part of another. A short one is found only where it stands by
itself, and one of less than three characters not at all: it would tear every word apart.
*/
export function exactForms(secrets: Iterable<string>): RegExp[] {
	const forms = new Set<string>();
	for (const secret of secrets) {
		for (const form of [
			secret,
			secret.trim(),
			encodeURIComponent(secret.toWellFormed()),
			encodeURI(secret.toWellFormed()),
			Buffer.from(secret).toString('base64'),
			Buffer.from(secret).toString('base64').replace(/=+$/, ''),
			JSON.stringify(secret).slice(1, -1),
		]) {
			if (form.length >= 3) {
				forms.add(form);
			}
		}
	}
	return [...forms]
		.sort((a, b) => b.length - a.length)
		.map((form) => {
			const literal = form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
			return new RegExp(form.length < 8 ? `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])` : literal, 'g');
		});
}
