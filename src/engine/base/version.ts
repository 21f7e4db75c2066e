import packageJson from '../../../package.json' with { type: 'json' };

/** Version of Cubelens, as recipes and the API state it. */
export const version: string = packageJson.version;
