import type { PublishedTable } from "#base";
import { columnsOf, rowOf } from "./columns.ts";

const shared = { source: "MMNeedle (arXiv 2406.11230v2)", certainty: "read in the paper", unit: "%" } as const;

const metrics = ["existence", "index", "exact"] as const;

const oneNeedle = (pictures: number) => (side: number) =>
  columnsOf({ configuration: { pictures, side, needles: 1 }, split: "positive", metrics });

/** One picture, one needle that is present. */
export const table2: PublishedTable = {
  ...shared,
  id: "table2",
  title: "Table 2: one needle, one picture (M = 1), present",
  columns: [2, 4, 8].flatMap(oneNeedle(1)),
  rows: [
    "Claude 3 Opus: 75.38/74.77/52.25 | 58.70/58.00/12.30 | 56.36/54.85/1.60",
    "Gemini Pro 1.0: 97.10/85.09/29.53 | 88.42/82.88/24.78 | 55.62/45.18/2.11",
    "Gemini Pro 1.5: 99.59/99.38/90.34 | 98.85/98.44/39.85 | 96.65/96.65/29.81",
    "GPT-4V: 92.64/92.64/86.09 | 97.29/97.19/54.72 | 98.20/98.20/7.30",
    "GPT-4o: 99.00/99.00/94.60 | 99.50/99.50/83.00 | 99.60/99.60/19.00",
    "CogVLM-17B: 99.90/0.80/0.00 | 97.50/3.30/0.10 | 96.90/22.90/0.30",
    "CogVLM2-Llama-3: 69.10/24.60/7.30 | 69.90/16.40/0.90 | 55.90/5.30/0.10",
    "Fuyu-8B: 100/0.50/0 | 100/0/0 | 100/0/0",
    "mPLUG-Owl-v2: 96.60/48.60/1.90 | 90.70/34.30/0.30 | 86.30/36.90/0.70",
    "InstructBLIP-Vicuna-13B: 100/6.90/0 | 100/11.70/0 | 100/32.00/0",
    "InstructBLIP-Flan-T5-XXL: 100/100/3.80 | 100/100/6.20 | 100/93.00/2.20",
    "IDEFICS2-8B: 75.80/69.30/18.90 | 95.80/86.00/7.80 | 39.60/24.50/0.90",
    "LLaVA-Llama-3: 100/93.70/43.80 | 97.20/93.00/17.50 | 95.40/95.30/3.30",
  ].map(rowOf),
};

/** Ten pictures, one needle that is present. */
export const table3: PublishedTable = {
  ...shared,
  id: "table3",
  title: "Table 3: one needle, ten pictures (M = 10), present",
  columns: [1, 2, 4, 8].flatMap(oneNeedle(10)),
  rows: [
    "Claude 3 Opus: 83.77/67.23/66.93 | 66.60/9.90/4.60 | 64.78/6.46/0.40 | 54.13/5.93/0",
    "Gemini Pro 1.0: 83.66/33.90/16.25 | 81.63/10.74/4.82 | 58.92/4.81/0.40 | 18.11/1.61/0",
    "Gemini Pro 1.5: 97.08/90.04/89.94 | 98.84/53.42/45.21 | 96.17/17.26/6.09 | 89.02/9.86/0.62",
    "GPT-4V: 95.11/75.59/72.36 | 98.32/52.10/34.24 | 99.80/24.87/7.58 | 99.50/10.57/0",
    "GPT-4o: 99.00/97.00/97.00 | 99.60/87.20/81.80 | 100/45.00/26.90 | 99.80/17.80/1.00",
    "Fuyu-8B: 100/0/0 | 100/0/0 | 100/0/0 | 100/0/0",
    "mPLUG-Owl-v2: 15.90/5.60/0.40 | 70.10/5.20/0.10 | 88.50/8.10/0 | 86.10/6.30/0",
    "IDEFICS2-8B: 71.10/0.30/0 | 93.80/0.70/0 | 99.60/6.40/0 | 96.60/2.40/0",
    "LLaVA-Llama-3: 100/0.20/0 | 100/0.10/0 | 100/0/0 | 100/0/0",
  ].map(rowOf),
};

/** The order of the settings in the paper's tables of absent needles. */
export const negativeOrder = [
  { pictures: 10, side: 1 },
  { pictures: 1, side: 2 },
  { pictures: 10, side: 2 },
  { pictures: 1, side: 4 },
  { pictures: 10, side: 4 },
  { pictures: 1, side: 8 },
  { pictures: 10, side: 8 },
] as const;

/** The columns of a table of absent needles. */
export const negativeColumns = (needles: number) =>
  negativeOrder.flatMap((setting) =>
    columnsOf({ configuration: { ...setting, needles }, split: "negative", metrics: ["existence"] }),
  );

/** One needle that is absent: the share of answers that say so. */
export const table5: PublishedTable = {
  ...shared,
  id: "table5",
  title: "Table 5: one needle, absent",
  columns: negativeColumns(1),
  rows: [
    "Claude 3 Opus: 81.78|77.88|54.10|67.03|38.38|51.10|53.38",
    "Gemini Pro 1.0: 90.60|89.67|67.14|64.73|56.00|57.27|87.13",
    "Gemini Pro 1.5: 92.23|87.70|54.56|65.88|18.77|33.75|17.50",
    "GPT-4V: 90.57|92.98|36.01|52.70|0.71|3.40|0.10",
    "GPT-4o: 89.40|91.90|34.80|61.60|1.30|3.10|0.20",
    "CogVLM2-Llama-3: –|90.30|–|65.50|–|52.70|–",
    "mPLUG-Owl-v2: 91.70|36.00|35.60|16.20|12.70|12.70|13.40",
    "IDEFICS2-8B: 30.80|89.40|6.90|55.70|0.60|62.00|3.10",
    "LLaVA-Llama-3: 0|11.10|0|7.40|0|5.90|0",
  ].map(rowOf),
};
