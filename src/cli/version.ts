/** The version of this package; the build puts it in. */
declare const RETORT_VERSION: string;

/** As in package.json. */
export const VERSION: string = RETORT_VERSION;
