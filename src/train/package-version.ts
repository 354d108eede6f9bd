/** The version of this package: the build puts it in. */
declare const RETORT_VERSION: string | undefined;

/** As in package.json; `unbuilt` where the sources run as they are. */
export const PACKAGE_VERSION: string = typeof RETORT_VERSION === 'string' ? RETORT_VERSION : 'unbuilt';
