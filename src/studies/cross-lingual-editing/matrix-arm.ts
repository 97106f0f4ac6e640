/** ELFI and ELFO: every fact edited in every language, and asked in every language. */
import type { Run } from "#runs";
import type { Case, Excluded } from "./case.ts";
import { type EditOrder, type EditResult, edit, type Workshop } from "./edit.ts";
import type { Language, StudyFact } from "./fact.ts";
import { lend } from "./lend.ts";
import { errorOf, numbersOf } from "./measures.ts";
import { type Reading, readFacts } from "./reading.ts";
import type { EditorName } from "./settings.ts";
import { strataOf } from "./strata.ts";

/** One matrix of edits on one model. */
export interface MatrixPlan {
  readonly run: Run;
  /** What steps are called after: subject and arm. */
  readonly label: string;
  readonly arm: string;
  /** What was edited. */
  readonly model: string;
  readonly facts: readonly StudyFact[];
  /** Languages of edits and of tests. */
  readonly languages: readonly Language[];
  readonly editors: readonly EditorName[];
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** What was counted, and what was left out. */
export interface Counted {
  readonly cases: readonly Case[];
  readonly excluded: readonly Excluded[];
}

type Readings = Readonly<Record<string, Readonly<Partial<Record<Language, Reading>>>>>;

/** Runs a matrix, a step an edit, with the unedited model's cases first. */
export async function countMatrix(workshop: Workshop, plan: MatrixPlan): Promise<Counted> {
  const { run, label } = plan;
  const before = await run.step(`${label}: before`, () => readBefore(workshop, plan));
  const cases: Case[] = [...uneditedCases(workshop, plan, before)];
  const excluded: Excluded[] = [];
  for (const order of ordersOf(plan)) {
    plan.signal.throwIfAborted();
    const name = `${label}: ${order.editor} of ${order.name}`;
    const made = await run.step(name, () => countEdit(workshop, plan, { order, before }));
    cases.push(...made.cases);
    excluded.push(...made.excluded);
  }
  return { cases, excluded };
}

async function readBefore({ model, settings }: Workshop, { facts, languages }: MatrixPlan): Promise<Readings> {
  const requests = facts.flatMap((fact) =>
    languages
      .filter((language) => fact.said[language])
      .map((language) => ({ fact, language, sources: saidIn(fact, languages) })),
  );
  const readings = await readFacts(model, requests, settings);
  return Object.fromEntries(
    facts.map((fact) => {
      const own = requests.flatMap((request, at) =>
        request.fact === fact ? [[request.language, readings[at]!] as const] : [],
      );
      return [fact.id, Object.fromEntries(own)];
    }),
  );
}

const saidIn = (fact: StudyFact, languages: readonly Language[]): Language[] =>
  languages.filter((language) => fact.said[language]);

/** An edit, or several that share a model. */
interface NamedOrder extends EditOrder {
  readonly name: string;
  /** What the matrix calls its row. */
  readonly row: string;
  /** The languages that are asked. */
  readonly tests: readonly Language[];
}

/** Every edit of a matrix: single facts for ROME and FT-L, all facts of a language for MEMIT, all languages of a fact for joint ones. */
function ordersOf({ facts, languages, editors, seed }: MatrixPlan): NamedOrder[] {
  return editors.flatMap((editor) =>
    plans[
      editor === "memit" ? "batch" : editor === "joint" ? "joint" : editor === "joint-others" ? "others" : "single"
    ]({ editor, seed, facts, languages }),
  );
}

type OrderMaker = (given: Pick<EditOrder, "editor" | "seed" | "facts" | "languages">) => NamedOrder[];

const plans: Readonly<Record<"single" | "batch" | "joint" | "others", OrderMaker>> = {
  single: ({ facts, languages, ...rest }) =>
    facts.flatMap((fact) =>
      saidIn(fact, languages).map((row) => ({
        ...rest,
        facts: [fact],
        languages: [row],
        row,
        name: `${fact.id} in ${row}`,
        tests: saidIn(fact, languages),
      })),
    ),
  batch: ({ facts, languages, ...rest }) =>
    languages.map((row) => ({ ...rest, facts, languages: [row], row, name: `all facts in ${row}`, tests: languages })),
  joint: ({ facts, languages, ...rest }) =>
    facts.map((fact) => ({
      ...rest,
      facts: [fact],
      languages: saidIn(fact, languages),
      row: "all",
      name: `${fact.id} in all`,
      tests: saidIn(fact, languages),
    })),
  others: ({ facts, languages, ...rest }) =>
    facts.flatMap((fact) =>
      saidIn(fact, languages).map((test) => ({
        ...rest,
        facts: [fact],
        languages: saidIn(fact, languages).filter((one) => one !== test),
        row: "others",
        name: `${fact.id} in all but ${test}`,
        tests: [test],
      })),
    ),
};

interface EditStep {
  readonly order: NamedOrder;
  readonly before: Readings;
}

async function countEdit(workshop: Workshop, plan: MatrixPlan, { order, before }: EditStep): Promise<Counted> {
  const result = await edit(workshop, order);
  const excluded = excludedOf(plan, order, result);
  const lost = new Set(excluded.map(({ fact }) => fact));
  const facts = order.facts.filter(({ id }) => !lost.has(id));
  if (result.edited === undefined || facts.length === 0) return { cases: [], excluded };
  const requests = facts.flatMap((fact) =>
    order.tests.filter((test) => fact.said[test]).map((language) => ({ fact, language, sources: order.languages })),
  );
  const { model, settings } = workshop;
  const readings = await lend(model, result.edited.model, () => readFacts(model, requests, settings));
  const cases = requests.map(({ fact, language: test }, at) =>
    caseOf(workshop, plan, { fact, test, order, before: before[fact.id]![test]!, after: readings[at]! }),
  );
  return { cases, excluded };
}

/** A joint edit goes on without a language that could not be edited; any other edit is lost with it. */
function excludedOf(
  { arm, model }: MatrixPlan,
  { editor, seed, facts, row, languages }: NamedOrder,
  result: EditResult,
): Excluded[] {
  const about = { arm, model, editor, seed, edit: row };
  if (result.edited === undefined && result.leftOut.length === 0)
    return facts.map(({ id }) => ({ ...about, fact: id, reason: result.reason }));
  const isJoint = languages.length > 1 && result.edited !== undefined;
  return result.leftOut.map(({ id, reason }) => {
    const [fact, language] = id.split(" in ") as [string, string];
    return { ...about, fact: isJoint ? `${fact} (${language} alone)` : fact, reason };
  });
}

interface CaseInput {
  readonly fact: StudyFact;
  readonly test: Language;
  readonly order: Pick<NamedOrder, "editor" | "seed" | "row" | "languages">;
  readonly before: Reading;
  readonly after: Reading;
}

function caseOf(
  { model, settings }: Workshop,
  plan: Pick<MatrixPlan, "arm" | "model">,
  { fact, test, order, before, after }: CaseInput,
): Case {
  const judged = { fact, edit: order.languages, test, before, after, degenerate: settings.degenerate };
  return {
    arm: plan.arm,
    model: plan.model,
    editor: order.editor,
    seed: order.seed,
    fact: fact.id,
    edit: order.row,
    test,
    numbers: numbersOf(judged),
    error: errorOf(judged),
    strata: strataOf(model, judged),
    answer: after.written[0]!,
  };
}

/** M₀: what the unedited model scores in every cell. */
function* uneditedCases(workshop: Workshop, plan: MatrixPlan, before: Readings): Generator<Case> {
  for (const fact of plan.facts) {
    const languages = saidIn(fact, plan.languages);
    for (const row of languages) {
      for (const test of languages) {
        const reading = before[fact.id]![test]!;
        const order = { editor: "none" as EditorName, seed: plan.seed, row, languages: [row] };
        yield caseOf(workshop, plan, { fact, test, order, before: reading, after: reading });
      }
    }
  }
}
