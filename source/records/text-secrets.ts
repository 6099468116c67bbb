const secretName = /(?:pass(?:word|wd|phrase)?|token|secret|api[-_]?key|authorization|credential|seed|jwt)$/i;

/**
The secrets among the texts of a configuration: the values of keys that are named so, all headers, and what
addresses carry of a user's part, of a query, and of a webhook's path. Also of keys that this version does not know.
*/
export function textSecrets(value: unknown, path: readonly string[] = []): string[] {
	if (typeof value === 'string') {
		return secretsOf(value, path);
	}
	if (typeof value !== 'object' || value === null) {
		return [];
	}
	return Object.entries(value).flatMap(([key, item]) =>
		// An item of a list belongs to the list's name.
		textSecrets(item, Array.isArray(value) ? path : [...path, key]),
	);
}

function secretsOf(text: string, path: readonly string[]): string[] {
	const key = path.at(-1) ?? '';
	if (secretName.test(key) || path.slice(0, -1).some((part) => /^headers?$/i.test(part))) {
		// `Bearer x`: the x alone, too.
		return [text, ...(/^\w+\s+(\S.*)$/.exec(text)?.slice(1) ?? [])];
	}
	return text.includes('://')
		? addressSecrets(
				text,
				path.some((part) => /webhook/i.test(part)),
			)
		: [];
}

function addressSecrets(text: string, webhook: boolean): string[] {
	return text.split(/[\s,]+/).flatMap((address) => {
		let url: URL;
		try {
			url = new URL(address);
		} catch {
			return [];
		}
		const {username, password} = url;
		const query = [...url.searchParams].flatMap(([name, value]) => (secretName.test(name) ? [value] : []));
		// Who knows the path of a hook may post to it; short parts such as `services` are no secret.
		const parts = webhook ? url.pathname.split('/').filter((part) => part.length >= 12) : [];
		return [
			...(password === ''
				? username === ''
					? []
					: [username, decode(username)]
				: [password, decode(password), `${decode(username)}:${decode(password)}`]),
			...query,
			...parts,
		];
	});
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
