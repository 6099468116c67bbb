/** The rule and the subject of a symptom's id, or the kind and the name of a source: what is before and after its colon. */
export function splitId(id: string): {rule: string; subject: string} {
	const colon = id.indexOf(':');
	return colon < 0 ? {rule: id, subject: ''} : {rule: id.slice(0, colon), subject: id.slice(colon + 1)};
}
