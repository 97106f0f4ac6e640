import { expect, test } from "vitest";
import type { Run } from "#runs";
import { accuracyBy, byCell, byPicture } from "./positions.ts";

/** A run that holds these answers. */
const runOf = (answers: readonly { truth: string; exact: number | null }[]): Run =>
  ({ answers: () => answers.map(({ truth, exact }) => ({ truth, score: { exact } })) }) as unknown as Run;

const run = runOf([
  { truth: "1, 1, 2", exact: 1 },
  { truth: "7, 1, 2", exact: 0 },
  { truth: "7, 2, 2", exact: 1 },
  { truth: "7, 2, 2", exact: null },
]);
const asked = { run, subject: "s", configuration: { pictures: 10, side: 2, needles: 1 } };

test("accuracyBy() counts by cell over all pictures, and leaves out what was not scored", () => {
  const tallies = accuracyBy(byCell, asked);

  expect([...tallies].map(([cell, { hits, n, value }]) => [cell, hits, n, value])).toEqual([
    ["r1c2", 1, 2, 50],
    ["r2c2", 1, 1, 100],
  ]);
});

test("accuracyBy() counts by depth with samples of its own at each", () => {
  const tallies = accuracyBy(byPicture, asked);

  expect([...tallies].map(([picture, { value, n }]) => [picture, value, n])).toEqual([
    ["1", 100, 1],
    ["7", 50, 2],
  ]);
});
