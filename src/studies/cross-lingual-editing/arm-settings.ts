import type { z } from "zod";
import { type TongueWorld, tongueWorlds } from "#corpora";
import { type Language, studyLanguages } from "./fact.ts";
import { listOf, number, wholeNumber } from "./setting-readers.ts";

/** How models are merged. */
export const mergeNames = ["linear", "slerp", "task_arithmetic", "ties", "dare_linear", "dare_ties"] as const;
/** One of them. */
export type MergeName = (typeof mergeNames)[number];

const worldNames = Object.keys(tongueWorlds) as [TongueWorld, ...TongueWorld[]];
const languages = (...list: Language[]): Language[] => list;
const merges = (...list: MergeName[]): MergeName[] => list;

/** The numbers of merging and of the controlled corpus. */
export const armSettings = {
  mergePair: {
    meaning: "the two languages of the fine-tunes that are merged",
    read: listOf(studyLanguages).refine(
      (pair) => pair.length === 2 && pair[0] !== pair[1],
      "two languages",
    ) as z.ZodType<Language[]>,
    paper: languages("en", "hi"),
    from: "a digest: a merge that covers the Indic languages",
  },
  merges: {
    meaning: `how they are merged, with commas: ${mergeNames.join(", ")}`,
    read: listOf(mergeNames),
    paper: merges(...mergeNames),
    from: "not read",
    tiny: merges("linear", "ties"),
  },
  mergeFacts: {
    meaning: "facts that are edited again after each merge",
    read: wholeNumber(1),
    paper: 50,
    from: "not read",
    tiny: 1,
    mini: 5,
    standard: 20,
  },
  mergeSteps: {
    meaning: "steps of each fine-tune",
    read: wholeNumber(1),
    paper: 1000,
    from: "not in the paper: its members are published models",
    tiny: 2,
    mini: 40,
    standard: 200,
  },
  mergeRate: {
    meaning: "peak learning rate of each fine-tune",
    read: number(0),
    paper: 1e-5,
    from: "not in the paper",
    tiny: 1e-3,
    mini: 3e-3,
    standard: 3e-3,
  },
  worlds: {
    meaning: `the worlds of the controlled corpus, with commas: ${worldNames.join(", ")}`,
    read: listOf(worldNames),
    paper: [...worldNames],
    from: "not in the paper",
    tiny: ["apart", "shared subjects"] as TongueWorld[],
  },
  worldFacts: {
    meaning: "facts of each language of the controlled corpus",
    read: wholeNumber(4),
    paper: 60,
    from: "not in the paper",
    tiny: 6,
  },
  worldSteps: {
    meaning: "steps of training on the controlled corpus",
    read: wholeNumber(1),
    paper: 900,
    from: "not in the paper",
    tiny: 4,
  },
  worldEdits: {
    meaning: "facts of the controlled corpus that are rewritten",
    read: wholeNumber(1),
    paper: 20,
    from: "not in the paper",
    tiny: 2,
  },
} as const;
