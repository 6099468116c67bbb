import packageJson from '../../package.json' with {type: 'json'};

/** The version of jetmedic. */
export const version: string = packageJson.version;
