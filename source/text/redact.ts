/**
The text without the secrets that addresses and headers carry: `nats://user:pass@host` becomes
`nats://***@host`, and the values of `token=`, `password=`, `Authorization:` and the like are hidden.
*/
export function redact(text: string): string {
	return (
		text
			// A password may hold a slash or an @ as it is; a port with a path behind it is none.
			.replace(
				/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@:,"'[\]]*:(?!\d{1,5}(?:[/?#]|$))[^\s,"']*|[^/\s@]+)@/gi,
				'$1***@',
			)
			.replace(
				/(?<![a-z0-9])(pass(?:word|wd)?|token|secret|api[-_]?key|authorization|seed|jwt)(["']?\s*[:=]\s*["']?)(?:bearer\s+|basic\s+)?[^\s"',;&}]+/gi,
				'$1$2***',
			)
			// nkey seeds and JWTs are recognised by their own form (https://docs.nats.io/using-nats/nats-tools/nk).
			.replace(/\bS[ACNOUX][A-Z2-7]{50,}\b/g, '***')
			.replace(/\beyJ[\w-]{10,}\.[\w-]+(?:\.[\w-]+)?/g, '***')
	);
}
