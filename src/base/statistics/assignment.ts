import { AssayError } from "../errors.ts";

/**
 * The one-to-one assignment of rows to columns of least total cost.
 *
 * Source   Kuhn 1955, the Hungarian method; with shortest augmenting paths, Jonker & Volgenant 1987
 *
 * @param costs Rows of equal length, no more rows than columns.
 * @returns for each row its column
 * @throws AssayError STATISTICS_INPUT
 */
export function assignment(costs: readonly ArrayLike<number>[]): number[] {
  const rows = costs.length;
  const columns = costs[0]?.length ?? 0;
  expectCosts(costs, columns);
  const state = {
    rowPrices: new Float64Array(rows + 1),
    columnPrices: new Float64Array(columns + 1),
    /** The row that holds each column; rows and columns count from one, 0 holds nothing. */
    holders: new Int32Array(columns + 1),
  };
  for (let row = 1; row <= rows; row++) augment(costs, row, state);
  const found = new Array<number>(rows);
  for (let column = 1; column <= columns; column++) {
    if (state.holders[column]! > 0) found[state.holders[column]! - 1] = column - 1;
  }
  return found;
}

function expectCosts(costs: readonly ArrayLike<number>[], columns: number): void {
  const isWhole = costs.every((row) => row.length === columns && Array.from(row).every(Number.isFinite));
  if (isWhole && costs.length <= columns) return;
  const got = `${costs.length} rows of ${costs.map(({ length }) => length).join(", ")}`;
  throw new AssayError(
    "STATISTICS_INPUT",
    `assignment: Expected rows of finite costs, of one length and no more than columns, got ${got}`,
  );
}

interface Prices {
  readonly rowPrices: Float64Array;
  readonly columnPrices: Float64Array;
  readonly holders: Int32Array;
}

/** Gives a row a column along the cheapest path on which others give way. */
function augment(costs: readonly ArrayLike<number>[], row: number, { rowPrices, columnPrices, holders }: Prices): void {
  const columns = holders.length - 1;
  const [slack, from] = [new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY), new Int32Array(columns + 1)];
  const used = new Uint8Array(columns + 1);
  holders[0] = row;
  let column = 0;
  while (holders[column]! !== 0) {
    used[column] = 1;
    const holder = holders[column]!;
    let [next, least] = [0, Number.POSITIVE_INFINITY];
    for (let other = 1; other <= columns; other++) {
      if (used[other]) continue;
      const reduced = costs[holder - 1]![other - 1]! - rowPrices[holder]! - columnPrices[other]!;
      if (reduced < slack[other]!) [slack[other], from[other]] = [reduced, column];
      if (slack[other]! < least) [least, next] = [slack[other]!, other];
    }
    for (let other = 0; other <= columns; other++) {
      if (used[other]) {
        rowPrices[holders[other]!]! += least;
        columnPrices[other]! -= least;
      } else slack[other]! -= least;
    }
    column = next;
  }
  for (; column !== 0; column = from[column]!) holders[column] = holders[from[column]!]!;
}
