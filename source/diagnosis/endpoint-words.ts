/** Whether an endpoint could not even be asked: its name or its certificate is not right, or something else speaks there. */
export const isAddressWrong = (detail: string): boolean =>
	/host name not found|certificate|not an HTTP answer|self.signed|SSL|TLS|unable to (verify|get)/i.test(
		detail,
	);

/** What an endpoint does that gives nothing to judge by. */
export function endpointVerb(status: string, detail: string): string {
	if (/^could not be read/.test(detail)) {
		return 'could not be read';
	}
	return status === 'unreachable'
		? isAddressWrong(detail)
			? 'could not be asked'
			: 'does not answer'
		: 'is not understood';
}
