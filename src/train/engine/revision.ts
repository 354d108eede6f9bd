/** Changes whenever a kernel of the engine would change a bit of a result: ids of what was computed with it contain it. */
export const ENGINE_REVISION = 3;
