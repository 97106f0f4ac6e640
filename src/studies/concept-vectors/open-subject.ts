import { AssayError, type Subject, UsageError } from "#base";
import { leavesOf } from "#engine";
import { expectSameVocabulary, type ModelPair } from "#methods/value-vectors";
import { type LanguageModel, loadModel } from "#models";
import { trainsSomething } from "./cost.ts";
import type { Settings } from "./settings.ts";

/** @throws UsageError SUBJECT_CLOSED for a subject that cannot be looked into */
export function requireOpen({ name, kind }: Subject): void {
  if (kind === "open") return;
  const claim = `Expected an open model, got ${name}, whose weights nobody sees`;
  throw new UsageError("SUBJECT_CLOSED", `concept-vectors: ${claim}; name a folder, hf:org/name or mini:encyclopedia`);
}

/** The model behind a subject; in memory where something is trained. @throws UsageError SUBJECT_CLOSED; AssayError as loadModel() */
export async function openSubject(subject: Subject, settings: Settings): Promise<LanguageModel> {
  requireOpen(subject);
  return loadModel(subject.name, trainsSomething(settings) ? { memory: Number.POSITIVE_INFINITY } : {});
}

/**
 * The model after unlearning that the settings name, checked against the one before; undefined where none is named.
 *
 * @throws AssayError SHAPE_MISMATCH, TOKENIZER_MISMATCH, MODELS_IDENTICAL; as loadModel()
 */
export async function openAfter(before: LanguageModel, settings: Settings): Promise<LanguageModel | undefined> {
  if (settings.after === "") return undefined;
  const memory = trainsSomething(settings) ? { memory: Number.POSITIVE_INFINITY } : {};
  const after = await loadModel(settings.after, memory);
  try {
    expectComparable({ before, after });
    return after;
  } catch (error) {
    after.close();
    throw error;
  }
}

function expectComparable({ before, after }: ModelPair): void {
  for (const size of ["layers", "hiddenSize", "intermediateSize"] as const) {
    const [first, second] = [before.config[size], after.config[size]];
    if (first === second) continue;
    const claim = `Expected a model made of ${before.name}, whose ${size} is ${first}, got ${after.name} with ${second}`;
    throw new AssayError("SHAPE_MISMATCH", `concept-vectors: ${claim}`);
  }
  expectSameVocabulary({ before, after });
  const layers = Array.from({ length: before.config.layers }, (_, layer) => layer);
  const isSame = (pick: (model: LanguageModel) => object) => sameNumbers(pick(before), pick(after));
  if (!isSame(({ source }) => source.outer)) return;
  if (layers.some((layer) => !isSame(({ source }) => source.block(layer)))) return;
  const claim = `Expected a model that was changed, got ${after.name} with the same weights as ${before.name}`;
  throw new AssayError("MODELS_IDENTICAL", `concept-vectors: ${claim}`);
}

function sameNumbers(first: object, second: object): boolean {
  const others = leavesOf<{ readonly data: Float32Array }>(second);
  return [...leavesOf<{ readonly data: Float32Array }>(first)].every(([path, { data }]) =>
    bytesOf(data).equals(bytesOf(others.get(path)!.data)),
  );
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
