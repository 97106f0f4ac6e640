import type { SampleGroup } from "#report";
import type { Run } from "#runs";
import type { Concepts } from "./concept.ts";
import { scoreAnswer } from "./measures.ts";
import { storedAnswers, storedOutcomes } from "./stored-outcomes.ts";

/** How many questions of a group are shown. */
const shown = 4;

/** What each changed model said, beside what the model before said, group by group. */
export function sampleGroups(run: Run, { list }: Concepts): SampleGroup[] {
  const before = storedAnswers(run);
  const groups = new Map<string, { title: string; samples: SampleGroup["samples"][number][]; total: number }>();
  for (const { subject, concept, method, outcome } of storedOutcomes(run)) {
    const studied = list.find(({ name }) => name === concept);
    const original = before.get(`${subject}: ${concept}`);
    if (studied === undefined || original === undefined) continue;
    for (const [group, asked] of Object.entries(studied.groups)) {
      const id = `${concept}/${group}`;
      const found = groups.get(id) ?? { title: `${concept}, ${group}`, samples: [], total: asked.length };
      groups.set(id, found);
      for (const [at, { prompt, question, gold }] of asked.slice(0, shown).entries()) {
        const [first, after] = [original[group]![at]!, outcome.answers[group]![at]!];
        found.samples.push({
          id: `${id}/${at}`,
          subject: `${subject}: ${method}`,
          prompt,
          pictures: [],
          truth: first,
          answer: after,
          score: { ...scoreAnswer({ question, gold, original: first, changed: after }) },
        });
      }
    }
  }
  return [...groups].map(([id, group]) => ({ id, decides: "goldRecall", ...group }));
}
