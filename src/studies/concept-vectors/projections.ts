/** The vocabulary projection of a value vector before and after: what it writes, token by token. */
import type { ComparedTable } from "#report";
import type { Run } from "#runs";
import { storedOutcomes } from "./stored-outcomes.ts";

/** A table for each concept: its value vector's first tokens, and after each method those that are still there. */
export function projections(run: Run): ComparedTable[] {
  const concepts = Map.groupBy(storedOutcomes(run), ({ subject, concept }) => `${subject}: ${concept}`);
  return [...concepts].flatMap(([name, outcomes]) => {
    const [first] = outcomes;
    const before = first!.outcome.written.before;
    if (before.length === 0) return [];
    return [
      {
        ...{ id: `projection-${name}`, title: `What the value vector writes, ${name}`, source: "measured here" },
        ...{ certainty: "measured here", unit: "rank after, 0 where it is gone", decimals: 0, published: [] },
        columns: before,
        measured: outcomes.map(({ method, seed, outcome: { written } }) => ({
          subject: `${method}, seed ${seed}`,
          kind: "open",
          cells: before.map((token) => ({ value: written.after.indexOf(token) + 1, n: 1 })),
          apart: [],
        })),
      },
    ];
  });
}
