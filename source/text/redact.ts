// The names of what is secret, with the words that stand before them: auth_token, NATS_PASSWORD, clientSecret, x-api-key.
const names =
	'(?<![a-z0-9])(?:(?:access|admin|api|auth|bearer|client|db|id|nats|operator|private|proxy|refresh|session|shared|signing|sys|user|webhook)[-_]?){0,3}' +
	'(?:pass(?:word|wd|phrase|code)?|pwd|token|secret(?:[-_]?key)?|(?:api|access|private|account)[-_]?key|authorization|credentials|seed|jwt)';
// Where the text is JSON within JSON, its quotes carry backslashes.
const quote = '\\\\*["\']';
const head = new RegExp(`${names}(?:${quote})?\\s*(?:=>|[:=])\\s*`, 'gi');
// Without quotes to a blank or what parts one setting from the next.
const bare =
	/(?:(?:bearer|basic|digest|negotiate|nats)\s+)?(?:[^\s"',;&}\\]|,(?!\s|["'}]|$|[\w-]+["']?\s*[=:])|\\(?!["']))+/iy;

type Pass = (text: string) => string;

/*
Each pass takes time that is linear in the text, for who writes a log line or a note chooses what it is: a pass that fails at one
place must not have read on to the end from there, or a text that begins a thing a thousand times is read a thousand times.
So what is begun and not ended is hidden to the end, and the quantifiers that may overlap are scanned by hand.
*/
const passes: Pass[] = [
	hideUserInfo,
	// Who has the address of such a hook may post to it.
	replacing(
		/\b(hooks\.slack\.com\/(?:services|workflows)|discord(?:app)?\.com\/api\/webhooks)\/[^\s"']+/gi,
		'$1/***',
	),
	hideArmour,
	replacing(new RegExp(`(?<![a-z-])((?:set-)?cookie(?:${quote})?\\s*:\\s*)[^"'\\n]+`, 'gi'), '$1***'),
	hideNamed,
	// nats.js and the server name this field of CONNECT so.
	replacing(/("(?:sig|auth_token|nkey_seed)"\s*:\s*")[^"]*/g, '$1***'),
	// The flags of command lines: nats, curl, docker.
	replacing(
		/((?<![\w-])--?(?:[a-z]{1,20}-){0,3}(?:password|passwd|token|secret|seed|api-key)\s+)(?!-)(?:"[^"]*"|'[^']*'|\S+)/gi,
		'$1***',
	),
	replacing(/((?:^|\s)(?:-u|--user)[\s=]+["']?[^\s:"'=][^\s:"']*:)[^\s"']+/g, '$1***'),
	// Without its header's name: a scheme and what only a secret looks like.
	replacing(/\b(bearer|basic)(\s+)(?=[\w.~+/=-]*[\d=])[\w.~+/=-]{6,}/gi, '$1$2***'),
	// nkey seeds and JWTs are recognised by their own form (https://docs.nats.io/using-nats/nats-tools/nk), JWTs also cut.
	replacing(/(?<![A-Za-z0-9])S[ACNOUX][A-Z2-7]{50,}(?![a-z])/g, '***'),
	replacing(/(?<![A-Za-z0-9])eyJ[\w-]{10,}(?:\.[\w-]*){0,2}/g, '***'),
	// Tokens that carry their kind in front.
	replacing(/\b(?:gh[oprsu]_|github_pat_|glpat-|xox[abeprs]-|sk-|sk_live_)[\w-]{16,}/g, '***'),
];

function replacing(pattern: RegExp, replacement: string): Pass {
	return (text) => text.replace(pattern, replacement);
}

/** `nats://user:pass@host`. A password may hold a slash or an @ as it is; a port with a path behind it is none. */
function hideUserInfo(text: string): string {
	const hidden = new Hiding(text);
	let tokenEnd = -1;
	let lastAt = -1;
	for (
		let slashes = text.indexOf('://');
		slashes !== -1;
		slashes = text.indexOf('://', hidden.next(slashes + 3))
	) {
		const from = slashes + 3;
		if (!/[a-z0-9+.-]/i.test(text[slashes - 1] ?? '')) {
			continue;
		}
		// One address is in many, where one is written into the other: each looks at the same end.
		if (from > tokenEnd) {
			tokenEnd = endOf(text, /[\s,"']/g, from);
			lastAt = from + text.slice(from, tokenEnd).lastIndexOf('@');
		}
		const user = endOf(text, /[\s/@:,"'[\]]/g, from);
		const hasPassword = text[user] === ':' && !/^\d{1,5}(?:[/?#]|$)/.test(text.slice(user + 1, user + 7));
		if (hasPassword && lastAt > user) {
			hidden.hide(from, lastAt);
			continue;
		}
		const at = endOf(text, /[/\s@]/g, from);
		if (text[at] === '@' && at > from) {
			hidden.hide(from, at);
		}
	}
	return hidden.text();
}

/** The armour of nsc and of PEM, also when its end is cut off. */
function hideArmour(text: string): string {
	const hidden = new Hiding(text);
	const begin = /-{5} *BEGIN [A-Z ]{1,80}-{5}/g;
	const end = /-{5} *END [A-Z ]{1,80}-{5,}/g;
	for (let found = begin.exec(text); found !== null; found = begin.exec(text)) {
		let from = found.index;
		while (from > hidden.end && text[from - 1] === '-') {
			from--;
		}
		end.lastIndex = begin.lastIndex;
		const to = end.test(text) ? end.lastIndex : text.length;
		hidden.hide(from, to);
		begin.lastIndex = to;
	}
	return hidden.text();
}

/** The value behind a name of something secret: `token=x`, `"password": "x"`. The quotes around it stay, so that what was JSON stays JSON. */
function hideNamed(text: string): string {
	const hidden = new Hiding(text);
	head.lastIndex = 0;
	for (let found = head.exec(text); found !== null; found = head.exec(text)) {
		const from = head.lastIndex;
		const open = openingQuote(text, from);
		if (open === '') {
			bare.lastIndex = from;
			const to = bare.test(text) ? bare.lastIndex : from;
			if (to > from) {
				hidden.hide(from, to);
			}
			head.lastIndex = to;
			continue;
		}
		const [inner, to] = quotedEnd(text, from, open);
		hidden.hide(from + open.length, inner, inner === to ? `***${open}` : '***');
		head.lastIndex = Math.max(to, from + open.length);
	}
	return hidden.text();
}

/** The quote that a value begins with, with the backslashes before it; empty if it begins with another character. */
function openingQuote(text: string, from: number): string {
	let at = from;
	while (text[at] === '\\') {
		at++;
	}
	return text[at] === '"' || text[at] === "'" ? text.slice(from, at + 1) : '';
}

/** Where a quoted value ends: before its closing quote, and after it; both at the end of the text if there is none. */
function quotedEnd(text: string, from: number, open: string): [inner: number, to: number] {
	const start = from + open.length;
	// Within JSON within JSON a quote of the value has the same form as the one that ends it: what comes next tells.
	const closing = open.endsWith("'") ? /'/g : open === '"' ? /"/g : /"(?=\s*[,;:}\]]|$)/g;
	closing.lastIndex = start;
	for (let found = closing.exec(text); found !== null; found = closing.exec(text)) {
		let inner = found.index;
		while (inner > start && text[inner - 1] === '\\') {
			inner--;
		}
		const slashes = found.index - inner;
		if (open === "'") {
			return [found.index, closing.lastIndex];
		}
		if (open === '"') {
			if (slashes % 2 === 0) {
				return [found.index, closing.lastIndex];
			}
		} else if (slashes > 0 || open.endsWith("'")) {
			return [inner, closing.lastIndex];
		}
	}
	return [text.length, text.length];
}

/** Where the first character of a kind is, from a place on; the end of the text where there is none. */
function endOf(text: string, kind: RegExp, from: number): number {
	kind.lastIndex = from;
	return kind.exec(text)?.index ?? text.length;
}

/** A text of which parts are hidden, from its beginning on. */
class Hiding {
	/** How far the text is done. */
	end = 0;
	readonly #whole: string;
	readonly #parts: string[] = [];

	constructor(whole: string) {
		this.#whole = whole;
	}

	hide(from: number, to: number, by = '***'): void {
		this.#parts.push(this.#whole.slice(this.end, from), by);
		this.end = to;
	}

	/** From where to look on: a place, or the end of what is hidden. */
	next(from: number): number {
		return Math.max(from, this.end);
	}

	text(): string {
		return this.#parts.length === 0 ? this.#whole : this.#parts.join('') + this.#whole.slice(this.end);
	}
}

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
	return passes.reduce((given, pass) => pass(given), hidden);
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
