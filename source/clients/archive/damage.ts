/** An archive that is cut or altered. The message is the second half of a sentence: what is wrong with it. */
export class DamageError extends Error {
	override name = 'DamageError';
}
