/** What a run will take on this machine, predicted from the folder's header before anything is loaded. */
import { totalmem } from "node:os";
import { AssayError } from "#base";
import { countSteps, paragraphsOf, unlearningMethods } from "#methods/unlearning";
import { findModel, openModelFolder, type Preflight, preflight } from "#models";
import type { StudyConcept } from "./concept.ts";
import { isTraining } from "./forgetting-names.ts";
import type { Settings } from "./settings.ts";

/** Copies of what is trained: the copy itself, its gradient, and Adam's two moments. */
const trainedCopies = 4;
/** Characters of a token, roughly. */
const charactersOfToken = 4;
/** How many tokens at once the speed of products is measured with. */
const tokensMeasured = 256;

/** Whether any weight is trained: by a method, or by relearning. */
export const trainsSomething = ({ after, methods, relearning }: Settings): boolean =>
  relearning.some((steps) => steps > 0) || (after === "" && methods.some(isTraining));

/** What is computed, counted. */
export interface Work {
  /** Tokens that training reads, forward and backward. */
  readonly trained: number;
  /** Tokens of prompts. */
  readonly read: number;
  /** Batches that are answered, and their tokens one after the other. */
  readonly batches: number;
  readonly written: number;
}

/** Counts what a run computes for one subject. */
export function workOf(concepts: readonly StudyConcept[], settings: Settings): Work {
  const trials = settings.after === "" ? settings.methods.length * settings.seeds : 1;
  const sum = (count: (concept: StudyConcept) => number) => concepts.reduce((total, one) => total + count(one), 0);
  const ablated = 4 * 3;
  const questions = sum(({ groups }) => Object.values(groups).flat().length);
  const targets = sum(({ groups }) => groups.target!.length);
  const again = ablated * 2 + trials * (settings.relearning.length + 8 * settings.forgettingDraws + 2);
  const asked = questions * (1 + trials) + targets * again;
  const batches = sum(({ groups }) => Object.keys(groups).length) * (1 + trials) + concepts.length * again;
  const promptTokens = sum(({ groups }) =>
    Object.values(groups)
      .flat()
      .reduce((total, { prompt }) => total + prompt.length / charactersOfToken, 0),
  );
  return {
    trained: sum((concept) => trainedTokens(concept, settings)),
    read: (promptTokens * asked) / Math.max(1, questions),
    batches,
    written: asked * settings.maxTokens,
  };
}

function trainedTokens({ article, retain }: StudyConcept, settings: Settings): number {
  const { epochs, batchSize, characters, methods, seeds, after, relearning } = settings;
  const paragraph = characters / charactersOfToken;
  const again = relearning.reduce((total, steps) => total + steps, 0) * batchSize * paragraph;
  if (after !== "") return again;
  const steps = countSteps({ texts: paragraphsOf(article, { characters }).length, epochs, batchSize });
  const fineTuned = methods.filter(isTraining);
  const each = fineTuned.map((name) => {
    const { needsRetain, reference } =
      unlearningMethods[name.replace("/bfloat16", "") as keyof typeof unlearningMethods];
    const kept = needsRetain && retain !== "" ? 1 : 0;
    // The frozen start is read forward only, a third of forward and backward.
    const compared = (Number(reference.forget.length > 0) + Number(reference.retain.length > 0)) / 3;
    return steps * batchSize * paragraph * (1 + kept + compared);
  });
  return seeds * (each.reduce((total, tokens) => total + tokens, 0) + methods.length * again);
}

/** What a run will take. */
export interface Cost {
  readonly memoryBytes: number;
  readonly seconds: { readonly loading: number; readonly training: number; readonly answering: number };
  readonly measured: Preflight["measured"];
  readonly isStreamed: boolean;
}

/**
 * Predicts memory and time of a run on one model, from its header and from products and reads that are measured now.
 *
 *     training = 6 · parameters · tokens / speed        answering = 2 · parameters · tokens / speed, and a pass for each token of a batch
 */
export async function predictCost(
  place: string,
  { concepts, settings }: { readonly concepts: readonly StudyConcept[]; readonly settings: Settings },
): Promise<Cost> {
  const opened = openModelFolder(await findModel(place));
  try {
    const isTrained = trainsSomething(settings);
    const memory = isTrained ? Number.POSITIVE_INFINITY : totalmem() / 2;
    const found = await preflight(opened, { tokens: tokensMeasured, memory });
    const work = workOf(concepts, settings);
    const { flopsPerSecond } = found.measured;
    const { parameters, config } = opened;
    const down = config.layers * config.intermediateSize * config.hiddenSize;
    // Relearning trains every weight, whatever forgetting was allowed to.
    const trained = settings.scope === "full" || settings.relearning.some((steps) => steps > 0) ? parameters : down;
    const texts = settings.after === "" ? 1 : 2;
    const copies = isTrained ? trainedCopies * trained * 4 + (texts - 1) * parameters * 4 : 0;
    return {
      memoryBytes: found.memoryBytes + copies,
      seconds: {
        loading: texts * found.loadSeconds,
        training: (6 * parameters * work.trained) / flopsPerSecond,
        answering:
          (2 * parameters * (work.read + work.written)) / flopsPerSecond +
          work.batches * settings.maxTokens * found.decodeSeconds,
      },
      measured: found.measured,
      isStreamed: found.isStreamed,
    };
  } finally {
    opened.checkpoint.close();
  }
}

/** A prediction in words, a line each. */
export function costNotes(place: string, { memoryBytes, seconds, measured, isStreamed }: Cost): string[] {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const { loading, training, answering } = seconds;
  return [
    `${place}: about ${gigabytes(memoryBytes)} of memory, this machine has ${gigabytes(totalmem())}${isStreamed ? "; read block by block" : ""}`,
    `${place}: about ${duration(loading + training + answering)}, of which training ${duration(training)} and answers ${duration(answering)}, at the ${(measured.flopsPerSecond / 1e9).toFixed(0)} GFLOP/s that were measured now`,
  ];
}

const duration = (seconds: number): string => {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(seconds < 36_000 ? 1 : 0)} h`;
};

/** Refuses what this machine cannot hold, before it tries. @throws AssayError MEMORY_SHORT */
export function expectRoom(place: string, { memoryBytes }: Cost): void {
  if (memoryBytes <= totalmem()) return;
  const [needs, has] = [memoryBytes, totalmem()].map((bytes) => `${(bytes / 1e9).toFixed(0)} GB`);
  const wayOut =
    "take a larger machine, or train nothing: --set methods=needle --set relearning=0, or --set after=FOLDER --set relearning=0";
  throw new AssayError(
    "MEMORY_SHORT",
    `concept-vectors: Expected ${needs} of memory to train ${place}, got ${has}; ${wayOut}`,
  );
}
