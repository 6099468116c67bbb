/** Why a backup can't be taken or used, as a sentence for the operator. */
export class BackupError extends Error {
	override name = 'BackupError';
}
