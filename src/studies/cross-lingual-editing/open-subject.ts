import { type Subject, UsageError } from "#base";
import { type LanguageModel, loadModel } from "#models";

/** The model behind a subject, all of it in memory: an edit writes to it. @throws UsageError SUBJECT_CLOSED; AssayError as loadModel() */
export async function openSubject({ name, kind }: Subject): Promise<LanguageModel> {
  if (kind === "open") return loadModel(name, { memory: Number.POSITIVE_INFINITY });
  const claim = `Expected an open model, got ${name}, whose weights nobody sees`;
  throw new UsageError("SUBJECT_CLOSED", `cross-lingual-editing: ${claim}; name a folder, hf:org/name or mini:atlas`);
}
