declare module 'parse-prometheus-text-format' {
	/** Families of metrics; values are texts, as in the page. Throws on a line that it can't read. */
	export default function parse(page: string): {
		name: string;
		help: string;
		type: string;
		metrics: {value?: string; labels?: Record<string, string>}[];
	}[];
}
