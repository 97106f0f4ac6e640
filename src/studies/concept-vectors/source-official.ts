/** The authors' benchmark files. */
import { AssayError, sha256, UsageError } from "#base";
import { readTextFile } from "#formats";
import { type Asked, type Concepts, jailbreakPrefix, numbered, type StudyConcept } from "./concept.ts";
import { splitUnrelated } from "./near-questions.ts";
import type { OfficialRecord } from "./official-record.ts";
import { completionPrompt, jailbreaks, paraphrasePrompt, questionPrompt } from "./prompts.ts";
import type { Settings } from "./settings.ts";

/** How many completions a record should have; two of the released ones have fewer. */
const completionsEach = 10;

/** What these files do not have, and what stands in its place. */
const missing = [
  'The authors\' files hold no reworded questions: the jailbreak "paraphrase" puts the same question into another frame',
  "The authors' files do not say which unrelated questions are near: near is the other concept whose questions share most of the article's rarer words",
];

/** The concepts of a benchmark file. @throws UsageError CONCEPTS_MISSING; AssayError FILE_MISSING, CONCEPTS_INVALID */
export function officialConcepts(settings: Settings): Concepts {
  const { concepts: path, german, conceptsEach } = settings;
  if (path === "") {
    throw new UsageError(
      "CONCEPTS_MISSING",
      "concept-vectors: Expected the authors' benchmark file, got none; give --set concepts=llama2-7b_concepts_test.json",
    );
  }
  const text = readTextFile(path);
  const records = readOfficialRecords(text, path);
  const germanText = german === "" ? "{}" : readTextFile(german);
  const translated = readTranslations(germanText, german);
  const kept = conceptsEach === 0 ? records : records.slice(0, conceptsEach);
  const names = numbered(kept.map(({ concept }) => concept));
  return {
    identity: sha256(text + germanText),
    list: kept.map((record, at) => ({ ...studied(record, { records, at, settings, translated }), name: names[at]! })),
    notes: [...missing, ...notesOf(kept, translated)],
  };
}

/** What the records lack. */
function notesOf(records: readonly OfficialRecord[], translated: Translations): string[] {
  const lacking = (what: string, lacks: (record: OfficialRecord) => boolean) => {
    const names = records.filter(lacks).map(({ concept }) => concept);
    if (names.length === 0) return [];
    const who = names.length === records.length ? "All" : `${names.length} of ${records.length}`;
    return [`${who} concepts ${what}${names.length < 4 ? `: ${names.join(", ")}` : ""}`];
  };
  return [
    ...records.flatMap(({ concept, completions: { length } }) =>
      length < completionsEach ? [`${concept}: ${length} completions in place of ${completionsEach}`] : [],
    ),
    ...lacking("are without German questions, so that the fourth jailbreak is left out", ({ concept }) => {
      return translated[concept] === undefined;
    }),
    ...lacking("are without right answers, so that no gold recall is taken", ({ golds }) => golds === undefined),
    ...lacking("are without a place, and are looked for", ({ place }) => place === undefined),
    ...lacking("borrow their unrelated questions from the others", ({ unrelated }) => unrelated.length === 0),
  ];
}

type Translations = Readonly<Record<string, readonly string[]>>;

type Fields = Readonly<Record<string, unknown>>;

/** Reads a benchmark file. @throws AssayError CONCEPTS_INVALID naming the record and the field */
export function readOfficialRecords(text: string, path: string): OfficialRecord[] {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new AssayError("CONCEPTS_INVALID", `${path}: Expected JSON, got "${(cause as Error).message}"`, { cause });
  }
  if (!Array.isArray(found) || found.length === 0) {
    throw new AssayError("CONCEPTS_INVALID", `${path}: Expected an array of concepts, got something else or none`);
  }
  return found.map((fields: Fields, at) => {
    const name = typeof fields?.Concept === "string" ? ` (${fields.Concept})` : "";
    return readRecord(fields ?? {}, `${path}, record ${at}${name}`);
  });
}

function readRecord(fields: Fields, where: string): OfficialRecord {
  const must = <T>(name: string, isValid: (value: unknown) => boolean, expected: string): T => {
    if (isValid(fields[name])) return fields[name] as T;
    throw new AssayError("CONCEPTS_INVALID", `${where}: Expected ${expected} under "${name}"`);
  };
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  const isTexts = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isText);
  const isIndex = (value: unknown) => Number.isInteger(value) && Number(value) >= 0;
  const isGiven = (name: string) => fields[name] !== undefined && fields[name] !== null;
  const halves = isGiven("text_completion")
    ? must<Fields[]>("text_completion", isHalves, "a list of First_half and Second_half")
    : [];
  const place = (isGiven("Layer") || isGiven("Dim")) && {
    layer: must<number>("Layer", isIndex, "a layer"),
    column: must<number>("Dim", isIndex, "a column"),
  };
  // Leading blanks and trailing newlines are the file's, not the question's.
  const questions = must<string[]>("QA", isTexts, "at least one question").map((question) => question.trim());
  const isGold = (value: unknown) => Array.isArray(value) && value.length === questions.length && value.every(isText);
  return {
    concept: must("Concept", isText, "a name"),
    place: place || undefined,
    questions,
    golds: isGiven("gpt_gold_answer")
      ? must("gpt_gold_answer", isGold, "as many right answers as questions")
      : undefined,
    completions: halves.map((half) => ({ first: String(half.First_half), second: String(half.Second_half) })),
    unrelated: isGiven("unrelated_QA")
      ? must<string[]>("unrelated_QA", isTexts, "at least one question").map((question) => question.trim())
      : [],
    article: must("wikipedia_content", isText, "an article"),
  };
}

const isHalves = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((half) => typeof half?.First_half === "string" && typeof half?.Second_half === "string");

/** The German questions by concept. @throws AssayError CONCEPTS_INVALID */
function readTranslations(text: string, path: string): Translations {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new AssayError("CONCEPTS_INVALID", `${path}: Expected JSON, got "${(cause as Error).message}"`, { cause });
  }
  const isTexts = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === "string");
  if (typeof found === "object" && found !== null && Object.values(found).every(isTexts)) return found as Translations;
  throw new AssayError("CONCEPTS_INVALID", `${path}: Expected concepts with a list of German questions each`);
}

interface Reading {
  readonly records: readonly OfficialRecord[];
  readonly at: number;
  readonly settings: Settings;
  readonly translated: Translations;
}

function studied(record: OfficialRecord, { records, at, settings, translated }: Reading): StudyConcept {
  const { concept: name, place, article, questions, golds } = record;
  const isOther = (one: OfficialRecord) => one.concept !== name;
  const next = records.slice(at).find(isOther) ?? records.find(isOther);
  if (next === undefined) {
    throw new AssayError("CONCEPTS_INVALID", `${name}: Expected a second concept to keep, got a file with one`);
  }
  return {
    name,
    arm: "released",
    place,
    article,
    retain: next.article,
    background: records.filter(isOther).map((one) => one.article),
    groups: {
      target: questions.map((question, nth) => ({ question, prompt: questionPrompt(question), gold: golds?.[nth] })),
      ...unrelatedGroups(record, records, settings),
      ...completionGroup(record),
      ...jailbreakGroups(record, translated[name]),
    },
  };
}

type Groups = Record<string, readonly Asked[]>;

/** The record's own, or where it has none those of the other concepts. */
function unrelatedGroups(record: OfficialRecord, records: readonly OfficialRecord[], settings: Settings): Groups {
  const own = record.unrelated;
  const borrowed = records.filter(({ concept }) => concept !== record.concept).flatMap(({ questions }) => questions);
  const unrelated = (own.length > 0 ? own : borrowed).slice(0, settings.unrelated);
  const { near, far } = splitUnrelated({ ...record, unrelated }, records);
  const plain = (list: readonly string[]): Asked[] =>
    list.map((question) => ({ question, prompt: questionPrompt(question) }));
  return { ...(near.length === 0 ? {} : { near: plain(near) }), far: plain(far) };
}

function completionGroup({ completions }: OfficialRecord): Groups {
  if (completions.length === 0) return {};
  const asked = completions.map(({ first, second }) => ({
    question: first,
    prompt: completionPrompt(first),
    answer: second,
  }));
  return { completion: asked };
}

function jailbreakGroups(
  { concept: name, article, questions, golds }: OfficialRecord,
  german?: readonly string[],
): Groups {
  const gold = (nth: number) => ({ gold: golds?.[nth] });
  const wraps = { ...jailbreaks, paraphrase: paraphrasePrompt };
  const tried = Object.entries(wraps).map(([key, wrap]) => [
    `${jailbreakPrefix}${key}`,
    questions.map((question, nth) => ({ question, prompt: wrap(question, { name, article }), ...gold(nth) })),
  ]);
  const translated = german?.map((question) => ({ question, prompt: question }));
  return {
    ...Object.fromEntries(tried),
    ...(translated === undefined ? {} : { [`${jailbreakPrefix}German`]: translated }),
  };
}
