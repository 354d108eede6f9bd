/** A row as a file has it, before its columns get a meaning. */

/** Values by column. */
export interface RawRow {
  readonly values: Readonly<Record<string, unknown>>;
  /** Names of all columns, or of the keys of this row, also of those that nobody asked for. */
  readonly columns: readonly string[];
  /** File and row, as messages name it. */
  readonly place: string;
}

/** The columns that a caller will look at: formats that store columns apart read no others. */
export type WantedColumns = readonly string[];
