import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';

/**
Why a text is no JMESPath expression, or undefined where it is one. A function that does not exist is found
here too: the library would only say so at the first answer of the endpoint.
*/
export async function expressionFault(text: string): Promise<string | undefined> {
	const jmespath = await import('@jmespath-community/jmespath');
	try {
		const unknown = functionsOf(jmespath.compile(text)).find((name) => !jmespath.isRegistered(name));
		return unknown === undefined ? undefined : `there is no function ${sanitize(unknown, 60)}()`;
	} catch (error) {
		return sanitize(redact(sanitize((error as Error).message)), 200);
	}
}

function functionsOf(node: unknown): string[] {
	if (typeof node !== 'object' || node === null) {
		return [];
	}
	const inner = Object.values(node).flatMap(functionsOf);
	const {type, name} = node as {type?: unknown; name?: unknown};
	return type === 'Function' && typeof name === 'string' ? [name, ...inner] : inner;
}
