/**
Why an answer is none of the one that was asked, by its HTTP status: somebody in between, or an address that is not right.
Undefined if the status may be its own word.

A redirect is not followed: it leads to another place than the one that the configuration names.
*/
export function refusedBy(status: number): string | undefined {
	const isOwn = (status >= 200 && status < 300) || status >= 500;
	return isOwn ? undefined : `could not be read: HTTP ${status}`;
}
