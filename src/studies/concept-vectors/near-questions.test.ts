import { expect, test } from "vitest";
import { splitUnrelated } from "./near-questions.ts";
import type { OfficialRecord } from "./official-record.ts";

const record = (concept: string, article: string, unrelated: readonly string[] = []): OfficialRecord => ({
  concept,
  article,
  unrelated,
  questions: ["One?", "Two?"],
  golds: undefined,
  completions: [],
  place: undefined,
});

const poland = record("Poland", "Poland is a country; its capital is Warsaw, on the river Vistula.", [
  ...["Which guitar has seven strings?", "Who tuned the guitar?"],
  ...["Which river flows through Warsaw?", "Is the capital on the Vistula?"],
]);
const guitar = record("Guitar", "A guitar is an instrument with strings.");

test("splitUnrelated() calls that concept near whose questions share the article's rarer words", () => {
  const { near, far } = splitUnrelated(poland, [poland, guitar]);

  expect(near).toEqual(["Which river flows through Warsaw?", "Is the capital on the Vistula?"]);
  expect(far).toEqual(["Which guitar has seven strings?", "Who tuned the guitar?"]);
});

test("splitUnrelated() calls one concept's questions far", () => {
  const alone = { ...poland, unrelated: poland.unrelated.slice(0, 2) };

  expect(splitUnrelated(alone, [poland, guitar])).toEqual({ near: [], far: alone.unrelated });
});
