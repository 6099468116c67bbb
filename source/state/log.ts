export type LogLine = {
	at: number;
	service: string;
	/** Increases by one with each line of the console's life; a stable key. */
	seq: number;
	stderr: boolean;
	/** Sanitised, one line. */
	text: string;
	/** The signatures that the line matches. */
	matches: string[];
};

export type LogRate = {
	at: number;
	perSecond: number;
	/** Since when the lines of the next figure are counted, and how many there were. */
	since: number;
	lines: number;
};

/** How often the signatures match in the log of one service, as it has been for hours. */
export type ServiceUsual = {
	/** Since when `counts` are counted. */
	since: number;
	/** For how many minutes it was watched, this start and those before, at most four hours. */
	minutes: number;
	/** By signature: the matches since then. */
	counts: Record<string, number>;
	/** By signature: the matches a minute. */
	perMinute: Record<string, number>;
};

export type LogState = {
	/** The newest lines of all services together, oldest first, at most `maxLogLines`. */
	lines: LogLine[];
	/** By `service` then signature: the times of the matches of the last minutes, oldest first, bounded. */
	matches: Record<string, Record<string, number[]>>;
	/** The number of the newest line: how many were read in the console's life. */
	lastSeq?: number;
	/** By service: lines a second over the last second or more in which some came, up to `at`. */
	rates?: Record<string, LogRate>;
	/** By service: what is usual there. */
	usual?: Record<string, ServiceUsual>;
};
