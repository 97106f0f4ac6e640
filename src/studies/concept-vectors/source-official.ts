/** The authors' benchmark files. */
import { AssayError, sha256, UsageError } from "#base";
import { readTextFile } from "#formats";
import { type Asked, type Concepts, jailbreakPrefix, type StudyConcept } from "./concept.ts";
import { completionPrompt, jailbreaks, questionPrompt } from "./prompts.ts";
import type { Settings } from "./settings.ts";

/** One record of a benchmark file. */
export interface OfficialRecord {
  readonly concept: string;
  readonly layer: number;
  readonly column: number;
  readonly questions: readonly string[];
  readonly completions: readonly { readonly first: string; readonly second: string }[];
  readonly unrelated: readonly string[];
  readonly article: string;
}

/** How many completions a record should have; two of the released ones have fewer. */
const completionsEach = 10;

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
  const translated = JSON.parse(germanText) as Readonly<Record<string, readonly string[]>>;
  const kept = conceptsEach === 0 ? records : records.slice(0, conceptsEach);
  return {
    identity: sha256(text + germanText),
    list: kept.map((record, at) => studied(record, { records, at, settings, translated })),
    notes: kept.flatMap(({ concept, completions }) =>
      completions.length < completionsEach
        ? [`${concept}: ${completions.length} completions in place of ${completionsEach}`]
        : [],
    ),
  };
}

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
  return found.map((fields: Fields, at) => readRecord(fields, `${path}, record ${at}`));
}

function readRecord(fields: Fields, where: string): OfficialRecord {
  const must = <T>(name: string, isValid: (value: unknown) => boolean, expected: string): T => {
    if (isValid(fields[name])) return fields[name] as T;
    throw new AssayError("CONCEPTS_INVALID", `${where}: Expected ${expected} under "${name}"`);
  };
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  const isTexts = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isText);
  const isIndex = (value: unknown) => Number.isInteger(value) && Number(value) >= 0;
  const halves = must<Fields[]>("text_completion", Array.isArray, "a list of halves");
  return {
    concept: must("Concept", isText, "a name"),
    layer: must("Layer", isIndex, "a layer"),
    column: must("Dim", isIndex, "a column"),
    // Leading blanks and trailing newlines are the file's, not the question's.
    questions: must<string[]>("QA", isTexts, "at least one question").map((question) => question.trim()),
    completions: halves.map((half) => ({ first: String(half.First_half), second: String(half.Second_half) })),
    unrelated: must<string[]>("unrelated_QA", isTexts, "at least one question").map((question) => question.trim()),
    article: must("wikipedia_content", isText, "an article"),
  };
}

interface Reading {
  readonly records: readonly OfficialRecord[];
  readonly at: number;
  readonly settings: Settings;
  readonly translated: Readonly<Record<string, readonly string[]>>;
}

function studied(record: OfficialRecord, { records, at, settings, translated }: Reading): StudyConcept {
  const { concept: name, layer, column, article, questions, completions } = record;
  const other = records[(at + 1) % records.length]!;
  if (other === record) {
    throw new AssayError("CONCEPTS_INVALID", `${name}: Expected a second concept to keep, got a file with one`);
  }
  const plain = (list: readonly string[]): Asked[] =>
    list.map((question) => ({ question, prompt: questionPrompt(question) }));
  const tried = Object.entries(jailbreaks).map(([key, wrap]) => [
    `${jailbreakPrefix}${key}`,
    questions.map((question) => ({ question, prompt: wrap(question, { name, article }) })),
  ]);
  const german = translated[name];
  return {
    ...{ name, arm: "released", place: { layer, column }, article, retain: other.article },
    background: records.filter((one) => one !== record).map((one) => one.article),
    groups: {
      target: plain(questions),
      far: plain(record.unrelated.slice(0, settings.unrelated)),
      completion: completions.map(({ first, second }) => ({
        ...{ question: first, prompt: completionPrompt(first), answer: second },
      })),
      ...Object.fromEntries(tried),
      ...(german === undefined
        ? {}
        : { [`${jailbreakPrefix}German`]: german.map((q) => ({ question: q, prompt: q })) }),
    },
  };
}
