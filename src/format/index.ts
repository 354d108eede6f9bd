/**
 * What a student is: its spec and its file.
 *
 * @module
 */
export * from './errors.ts';
export * from './layers.ts';
export * from './spec.ts';
