/** What must be free for the server to write, bytes: 16 MiB, or a twentieth of a small disk. */
export const leastFreeBytes = (totalBytes: number): number => Math.min(16 << 20, totalBytes / 20);
