import type { PublishedTable } from "#base";
import type { Metric } from "../measures.ts";
import { paperSettings } from "../paper-index.ts";
import { columnsOf, rowOf } from "./columns.ts";
import { negativeColumns } from "./one-needle.ts";

const shared = { source: "MMNeedle (arXiv 2406.11230v2)", certainty: "read in the paper", unit: "%" } as const;

const present = (needles: number, metrics: readonly Metric[]) =>
  paperSettings.flatMap((setting) => columnsOf({ configuration: { ...setting, needles }, split: "positive", metrics }));

/** Two needles that are present: all of them right, in order. */
export const table4: PublishedTable = {
  ...shared,
  id: "table4",
  title: "Tables 4 and 9: two needles, present",
  columns: present(2, ["index", "exact"]),
  rows: [
    "Claude 3 Opus: 66/32 | 31/1 | 25/0 | 46/46 | 1.12/0 | 0/0 | 1.03/0",
    "Gemini Pro 1.5: 94.95/87.88 | 84/22 | 80/6 | 86.73/85.71 | 34/25 | 2.08/0 | 0/0",
    "GPT-4V: 90.72/71.13 | 95/34 | 93.41/1.10 | 52.17/48.91 | 25.58/6.98 | 3.45/0 | 1.19/0",
    "GPT-4o: 84/76 | 84/57 | 78/2 | 88/88 | 71/53 | 13/5 | 3/0",
  ].map(rowOf),
};

/** Five needles that are present: all of them right, in order. */
export const table8: PublishedTable = {
  ...shared,
  id: "table8",
  title: "Tables 8 and 10: five needles, present",
  columns: present(5, ["exact"]),
  rows: [
    "Claude 3 Opus: 2|0|0|32.32|0|0|0",
    "Gemini Pro 1.5: 24|1|0|13.13|0|0|0",
    "GPT-4V: 34.41|8.16|0|25.00|0|0|0",
    "GPT-4o: 24|6|0|69|8|0|0",
  ].map(rowOf),
};

/** Two needles that are absent. */
export const negativesOfTwo: PublishedTable = {
  ...shared,
  id: "negatives-2",
  title: "Two needles, absent",
  columns: negativeColumns(2),
  rows: [
    "Claude 3 Opus: 45|14|0|5|1|4|8.33",
    "Gemini Pro 1.5: 79.59|71|31|50|7.37|22|17",
    "GPT-4V: 74.75|77|13.40|33|3|0|0",
    "GPT-4o: 80|67|25|51|3|2|0",
  ].map(rowOf),
};

/** Five needles that are absent. */
export const negativesOfFive: PublishedTable = {
  ...shared,
  id: "negatives-5",
  title: "Five needles, absent",
  columns: negativeColumns(5),
  rows: [
    "Claude 3 Opus: 14.14|2|0|0|0|0|0",
    "Gemini Pro 1.5: 56.57|60|4|15.15|0|1|0",
    "GPT-4V: 73.63|65.96|8.99|17|0|0|0",
    "GPT-4o: 58|67|25|37|0|2|0",
  ].map(rowOf),
};

/** Two needles, each judged by itself. */
export const individualOfTwo: PublishedTable = {
  ...shared,
  id: "individual-2",
  title: "Individual accuracy: two needles, present",
  columns: present(2, ["allExact"]),
  rows: [
    "Claude 3 Opus: 49.74|10.00|2.61|–|–|–|–",
    "Gemini Pro 1.5: 93.43|42.50|26.00|90.31|48.50|8.38|0",
    "GPT-4V: 79.90|56.00|5.49|–|–|–|–",
    "GPT-4o: 86.17|74.47|12.37|93.26|72.49|18.82|1.69",
  ].map(rowOf),
};

/** Five needles, each judged by itself. */
export const individualOfFive: PublishedTable = {
  ...shared,
  id: "individual-5",
  title: "Individual accuracy: five needles, present",
  columns: present(5, ["allExact"]),
  rows: ["Gemini Pro 1.5: 76.55|27.80|25.00|–|–|–|–", "GPT-4o: 71.72|50.43|14.81|91.81|56.14|19.89|0.26"].map(rowOf),
};
