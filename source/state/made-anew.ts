/**
Whether a stream or a consumer of one name is another one than before: it was made at another time. The server keeps that
time over restarts, backups and moves. Where one of the two is not known, nothing says so.
*/
export const isMadeAnew = (
	before: {created?: number | undefined} | undefined,
	now: {created?: number | undefined},
): boolean => before?.created !== undefined && now.created !== undefined && before.created !== now.created;
