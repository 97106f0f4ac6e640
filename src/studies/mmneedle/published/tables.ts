import type { PublishedTable } from "#base";
import { table2, table3, table5 } from "./one-needle.ts";
import {
  individualOfFive,
  individualOfTwo,
  negativesOfFive,
  negativesOfTwo,
  table4,
  table8,
} from "./several-needles.ts";

/** Every published table, in the order in which a reader wants them. */
export const published: readonly PublishedTable[] = [
  table2,
  table3,
  table5,
  table4,
  table8,
  negativesOfTwo,
  negativesOfFive,
  individualOfTwo,
  individualOfFive,
];
