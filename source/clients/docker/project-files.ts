/** Where Compose read a project from: the labels that `docker compose` puts on each container. */
export type ComposeProject = {
	project: string;
	configFiles: string[];
	workingDir: string;
	environmentFiles: string[];
	/** The configuration names the files: nobody else's word is taken for them. */
	isConfigured?: true;
	/** Whether the configuration's word is behind these: where it does not say, as behind the files. */
	believed?: {environmentFiles?: boolean; workingDir?: boolean};
};
