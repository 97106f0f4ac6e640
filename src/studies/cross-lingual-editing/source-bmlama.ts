/** BMLAMA-53: one fact a line, the same line in every language's file. */
import { join } from "node:path";
import { AssayError, sha256, stream, UsageError } from "#base";
import { readTextFile } from "#formats";
import {
  type Facts,
  type Language,
  type LeftOut,
  type PromptAndObject,
  type SaidFact,
  type StudyFact,
  studyLanguages,
} from "./fact.ts";
import type { Settings } from "./settings.ts";

/** One line of one language's file. */
export interface BmlamaRow {
  readonly prompt: string;
  readonly answer: string;
  readonly candidates: readonly string[];
  readonly subject: string;
}

/** The file's header. */
const header = "Prompt\tAns\tCandidate Ans\tSubject";
const mask = "<mask>";

/** Reads one file. @throws AssayError FACTS_INVALID naming the line */
export function readBmlama(text: string, path: string): BmlamaRow[] {
  const [first, ...lines] = text.replace(/^\ufeff/, "").split(/\r?\n/);
  if (first !== header)
    throw invalid(`${path}:1`, `the header "${header.replaceAll("\t", " · ")}"`, first ?? "nothing");
  return lines.flatMap((line, at) => {
    if (line === "") return [];
    const [prompt, answer, list, subject] = line.normalize("NFC").split("\t");
    if (subject === undefined) throw invalid(`${path}:${at + 2}`, "four columns", `${line.split("\t").length}`);
    return [{ prompt: prompt!, answer: answer!, candidates: list!.split(", "), subject }];
  });
}

const invalid = (where: string, expected: string, got: string): AssayError =>
  new AssayError("FACTS_INVALID", `cross-lingual-editing: Expected ${expected} at ${where}, got ${got}`);

type Files = Readonly<Partial<Record<Language, readonly BmlamaRow[]>>>;
type DataSettings = Pick<Settings, "facts" | "languages" | "neighbours" | "files">;

/** The functional facts of BMLAMA-53, in the languages that it has. @throws AssayError FILE_MISSING, FACTS_INVALID */
export function bmlamaFacts(
  { facts: wanted, languages, neighbours, files: folder }: DataSettings,
  seed: number,
): Facts {
  if (folder === "") throw missingFiles("the folder of BMLAMA-53's files", "bmlama53");
  const known = languages.filter((language: Language) => language !== "kn");
  const texts = known.map((language) => [language, readTextFile(join(folder, `${language}.tsv`))] as const);
  const rows = Object.fromEntries(
    texts.map(([language, text]) => [language, readBmlama(text, `${language}.tsv`)]),
  ) as Files;
  const functional = functionalRows(rows);
  const { order, leftOut } = usableRows(rows, { functional, languages: known });
  const shuffled = stream(seed, "cross-lingual-editing/facts").shuffle(order);
  const chosen = wanted === 0 ? shuffled : shuffled.slice(0, wanted);
  const list = chosen.map((at) => factAt(rows, at, { seed, neighbours, functional }));
  const kannada = languages.includes("kn") ? ["Kannada is not in BMLAMA-53 and was left out"] : [];
  return {
    list,
    languages: known,
    leftOut,
    texts: (language) => (rows[language] ?? []).map(({ prompt, answer }) => prompt.replace(mask, () => answer)),
    lessons: (language) =>
      (rows[language] ?? []).map(({ prompt, answer }) => ({ prompt: asked(prompt), completion: ` ${answer}` })),
    identity: {
      source: "bmlama53",
      files: texts.map(([language, text]) => [language, sha256(text)]),
      rows: [...chosen],
    },
    notes: [
      `${functional.size} of ${rows[known[0]!]!.length} facts have one answer for their subject and relation; ${order.length} of them are whole in every language`,
      "the masked place becomes a blank and the object follows behind an arrow, because Hindi and Tamil have it mid-sentence",
      "BMLAMA-53 has no paraphrases and no one-hop questions: generalization and portability are not measured",
      ...kannada,
    ],
  };
}

/** Told which file is missing. */
export const missingFiles = (what: string, source: string): UsageError =>
  new UsageError("FACTS_MISSING", `cross-lingual-editing: Expected --set files=${what} for source=${source}, got none`);

const templateOf = ({ prompt, subject }: BmlamaRow): string => prompt.replace(subject, () => "[X]");

/** Lines whose subject has one answer in its relation; the relation is the English template. */
export function functionalRows(rows: Files): Set<number> {
  const reference = studyLanguages.map((language) => rows[language]).find((one) => one !== undefined)!;
  const groups = Map.groupBy(reference.keys(), (at) => `${templateOf(reference[at]!)}\t${reference[at]!.subject}`);
  const single = [...groups.values()].filter((group) => new Set(group.map((at) => reference[at]!.answer)).size === 1);
  return new Set(single.map(([first]) => first!));
}

/** Lines that every language has whole: the answer among candidates that stand in one order everywhere. */
function usableRows(
  rows: Files,
  { functional, languages }: { functional: ReadonlySet<number>; languages: readonly Language[] },
) {
  const leftOut: LeftOut[] = [];
  const order = [...functional].filter((at) => {
    const said = languages.map((language) => rows[language]![at]);
    const counts = new Set(said.map((row) => row?.candidates.length));
    const reason = reasonOf(said, counts);
    if (reason !== undefined) leftOut.push({ id: String(at), language: "all", reason });
    return reason === undefined;
  });
  return { order, leftOut };
}

function reasonOf(
  said: readonly (BmlamaRow | undefined)[],
  counts: ReadonlySet<number | undefined>,
): string | undefined {
  if (said.includes(undefined)) return "missing in a language";
  if (said.some((row) => !row!.prompt.includes(mask))) return "no masked place";
  if (counts.size > 1) return "candidates not aligned";
  if (counts.has(1)) return "no other candidate";
  const places = new Set(said.map((row) => row!.candidates.indexOf(row!.answer)));
  return places.has(-1) ? "answer not among the candidates" : undefined;
}

interface Making {
  readonly seed: number;
  readonly neighbours: number;
  readonly functional: ReadonlySet<number>;
}

function factAt(rows: Files, at: number, { seed, neighbours, functional }: Making): StudyFact {
  const languages = studyLanguages.filter((language) => rows[language] !== undefined);
  const reference = rows[languages[0]!]!;
  const row = reference[at]!;
  const random = stream(seed, `cross-lingual-editing/bmlama/${at}`);
  const others = row.candidates.flatMap((name, place) => (name === row.answer ? [] : [place]));
  const target = random.pick(others);
  const near = [...functional].filter(
    (other) =>
      other !== at && reference[other]!.answer === row.answer && templateOf(reference[other]!) === templateOf(row),
  );
  const chosen = random.shuffle(near).slice(0, neighbours);
  const said = languages.map((language) => [language, saidRow(rows[language]!, at, { target, chosen })] as const);
  return { id: `bmlama/${at}`, relation: templateOf(row), said: Object.fromEntries(said) };
}

/** A statement with its blank, behind which the object follows. */
const asked = (prompt: string): string => `${prompt.replace(mask, "___")} →`;

function saidRow(
  rows: readonly BmlamaRow[],
  at: number,
  { target, chosen }: { target: number; chosen: readonly number[] },
): SaidFact {
  const { prompt, subject, answer, candidates } = rows[at]!;
  const near = (other: number): PromptAndObject => ({
    prompt: asked(rows[other]!.prompt),
    object: rows[other]!.answer,
  });
  return {
    subject,
    prompt: asked(prompt),
    paraphrases: [],
    oldObject: answer,
    newObject: candidates[target]!,
    candidates,
    neighbours: chosen.map(near),
    unrelated: [],
    hops: [],
  };
}
