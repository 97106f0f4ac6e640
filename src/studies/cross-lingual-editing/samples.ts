/** The prompts and answers behind a cell. */
import type { SampleGroup } from "#report";
import type { Run } from "#runs";
import type { Case } from "./case.ts";
import { type Facts, filled, type Language } from "./fact.ts";
import type { Counted } from "./matrix-arm.ts";
import { groupOf } from "./matrix-records.ts";

/** The facts that each seed drew. */
export type FactsBySeed = ReadonlyMap<number, Facts>;

/** Facts of a cell that are shown; failures first. */
const shown = 6;

/** Every case that a run's steps stored, with the subject that it is of. */
export function storedCases(run: Run): { readonly subject: string; readonly case: Case }[] {
  const subjects = run.manifest.subjects.map(({ name }) => name).toSorted((a, b) => b.length - a.length);
  return [...run.steps()].flatMap(([name, value]) => {
    const cases = (value as unknown as Partial<Counted> | null)?.cases;
    const subject = subjects.find((one) => name.startsWith(`${one}: `));
    return cases === undefined || subject === undefined ? [] : cases.map((one) => ({ subject, case: one }));
  });
}

/** A group a cell of the matrices: what was asked, what was wanted, what came, and what went wrong. */
export function sampleGroups(run: Run, facts: FactsBySeed): SampleGroup[] {
  const stored = storedCases(run).filter((one) => one.case.arm !== "controlled");
  const cells = Map.groupBy(stored, ({ case: one }) => groupOf(one, one.edit, one.test));
  return [...cells].map(([id, own]) => {
    const [{ case: first }] = own as [(typeof own)[number]];
    const failuresFirst = own.toSorted((a, b) => Number(a.case.error === "none") - Number(b.case.error === "none"));
    const samples = failuresFirst
      .slice(0, shown)
      .flatMap(({ subject, case: one }) => sampleOf(one, { subject, facts }));
    const where = first.edit === "all" ? "all languages" : first.edit === "others" ? "all other languages" : first.edit;
    const title = `${first.editor}${first.arm === "merge" ? ` on ${first.model}` : ""}: edited in ${where}, asked in ${first.test}`;
    return { id, title, total: own.length, samples, decides: "written" };
  });
}

function sampleOf(
  one: Case,
  { subject, facts }: { readonly subject: string; readonly facts: FactsBySeed },
): SampleGroup["samples"][number][] {
  const said = facts.get(one.seed)?.list.find(({ id }) => id === one.fact)?.said[one.test as Language];
  if (said === undefined) return [];
  const { reliability, reliabilityWritten: written, es, locality, logGain } = one.numbers;
  const verdict = one.error === "none" ? "as wanted" : one.error;
  return [
    {
      id: `${one.arm}/${one.model}/${one.editor}/${one.edit}/${one.test}/${one.fact}/${one.seed}`,
      subject: `${subject} · ${verdict}`,
      prompt: filled(said.prompt, said.subject),
      pictures: [],
      truth: `${said.newObject} (before: ${said.oldObject})`,
      answer: one.answer,
      score: { written, reliability, es, locality, logGain },
    },
  ];
}
