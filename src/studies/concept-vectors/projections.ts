/** The vocabulary projection of a value vector before and after: what it writes, token by token. */
import { jaccard } from "#methods/value-vectors";
import type { ComparedTable, SampleGroup } from "#report";
import type { Run } from "#runs";
import { type StoredOutcome, storedOutcomes } from "./stored-outcomes.ts";

/** The outcomes of a run's first seed: others show the same vector again. */
const firstSeeds = (run: Run): StoredOutcome[] => storedOutcomes(run).filter(({ seed }) => seed === run.manifest.seed);

/** A table for each concept: its value vector's first tokens, and after each method those that are still there. */
export function projections(run: Run): ComparedTable[] {
  const concepts = Map.groupBy(firstSeeds(run), ({ subject, concept }) => `${subject}: ${concept}`);
  return [...concepts].flatMap(([name, outcomes]) => {
    const [first] = outcomes;
    const before = first!.outcome.written.before;
    if (before.length === 0) return [];
    return [
      {
        id: `projection-${name}`,
        title: `What the value vector writes, ${name}`,
        source: "measured here",
        certainty: "measured here",
        unit: "rank after, 0 where it is gone",
        decimals: 0,
        published: [],
        isDetail: true,
        columns: before,
        measured: outcomes.map(({ method, outcome: { written } }) => ({
          subject: method,
          kind: "open",
          cells: before.map((token) => ({ value: written.after.indexOf(token) + 1, n: 1 })),
          apart: [],
        })),
      },
    ];
  });
}

/** The same as samples: the first tokens before, and those after each method. */
export function writtenTokens(run: Run): SampleGroup[] {
  const samples = firstSeeds(run).map(({ subject, concept, method, outcome: { written } }) => {
    const after = written.after.slice(0, written.before.length);
    return {
      id: `projection/${concept}`,
      subject: `${subject}: ${method}`,
      pictures: [],
      prompt: `What the value vector of ${concept} writes: its first ${written.before.length} tokens, before and after`,
      truth: written.before.join(" "),
      answer: after.join(" "),
      score: { jaccard: jaccard(written.before, after) },
    };
  });
  const total = new Set(samples.map(({ id }) => id)).size;
  return samples.length === 0 ? [] : [{ id: "projection", title: "What the value vectors write", total, samples }];
}
