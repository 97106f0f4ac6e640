import type { EncodedExample } from "./examples.ts";

/** How examples share rows. */
export interface PackOptions {
  /** Tokens that a row may be given. */
  readonly length: number;
}

/** Rows that are still open when another example comes; more find better places and take longer. */
const openRows = 64;

/** Puts examples into the first row that has room, in order; a row is one example at least. */
export function packExamples(
  examples: readonly EncodedExample[],
  { length }: PackOptions,
): readonly (readonly EncodedExample[])[] {
  const rows: { readonly examples: EncodedExample[]; room: number }[] = [];
  let open: typeof rows = [];
  for (const example of examples) {
    const needed = example.ids.length - 1;
    let row = open.find(({ room }) => room >= needed);
    if (row === undefined) {
      row = { examples: [], room: length };
      rows.push(row);
      open = [...open.slice(1 - openRows), row];
    }
    row.examples.push(example);
    row.room -= needed;
  }
  return rows.map(({ examples: packed }) => packed);
}
