/** A container that is not one of the services, as it is named to the operator. */
export type NamedContainer = {
	containerId: string;
	containerName: string;
	image: string;
	/** Docker's word for its state. */
	status: string;
	/** Compose's name of the service whose label it bears. */
	service: string;
};

/** Containers that were made from the same Compose files. */
export type ProjectPart = {
	/** The folder that their label names; empty where it names none. */
	workingDir: string;
	/** Their Compose files, as absolute paths where that can be told. */
	files: string[];
	services: string[];
};

/** What bears the name of a Compose project beside its services' containers, and what lacks. */
export type ProjectFacts = {
	/** Containers whose labels come from their image: Compose did not make them. */
	impostors: NamedContainer[];
	/** Containers that bear the same service and the same number: nobody can tell which one is meant. */
	duplicates: {
		service: string;
		number: string;
		containers: NamedContainer[];
		/** Compose is about to replace the one by the other, or was ended while it did. */
		isReplaced?: true;
	}[];
	/** Containers of `docker compose run`: they belong to the project, and are no service. */
	oneOffs: NamedContainer[];
	/** Where the containers come from; several where several projects have this name. */
	parts: ProjectPart[];
	/** Which of several the configuration chooses; undefined where there is nothing to choose, or nothing is chosen. */
	chosen?: ProjectPart;
	/** Services of the Compose file that should have a container once they had one. Undefined where the file cannot be read, or is not trusted. */
	expected?: string[];
};

/** Before anything was seen, and where there is nothing but services. */
export const plainProject: ProjectFacts = {impostors: [], duplicates: [], oneOffs: [], parts: []};

/** Whether the containers come from several projects of one name, and the configuration chooses none of them. */
export const isAmbiguous = ({parts, chosen}: Pick<ProjectFacts, 'parts' | 'chosen'>): boolean =>
	parts.length > 1 && chosen === undefined;

/** A container in words: `titan-nats-1 (4f1c7d3a9b6e, running)`. */
export const containerWords = ({containerName, containerId, status}: NamedContainer): string =>
	`${containerName || 'a container'} (${[containerId.slice(0, 12), status].filter(Boolean).join(', ')})`;

/** Where containers come from, in words: `/srv/a (api, worker)`. */
export const partWords = ({workingDir, files, services}: ProjectPart): string =>
	`${workingDir || files.join(', ') || 'no folder'} (${services.join(', ')})`;
