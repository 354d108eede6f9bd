/** Rows of a table by id, and the sum of rows into it. */
import type { OwnKernel } from './own-kernel.ts';

/** Row of the table for each row of the result. */
export interface GatherAttributes {
  readonly ids: Int32Array;
}

/** Row of the table for each row that is added, and how many rows the table has. */
export interface ScatterAttributes extends GatherAttributes {
  readonly tableRows: number;
}

/** `{ table }` -> `[rows]`; a negative id gives a row of zeros. */
export const gatherRows: OwnKernel<GatherAttributes> = (engine, { table }, { ids }) => {
  const width = table.shape[1];
  const rows = engine.output([ids.length, width]);
  const { address } = engine.upload(ids);
  engine.kernels.gatherRows(engine.address(rows), engine.address(table), address, ids.length, width);
  return [rows];
};

/** `{ rows }` -> `[table]` of `tableRows` rows; a row with a negative id is passed over. */
export const scatterRows: OwnKernel<ScatterAttributes> = (engine, { rows }, { ids, tableRows }) => {
  const width = rows.shape[1];
  const table = engine.output([tableRows, width]);
  const { address } = engine.upload(ids);
  engine.kernels.scatterRows(engine.address(table), tableRows, engine.address(rows), address, ids.length, width);
  return [table];
};
