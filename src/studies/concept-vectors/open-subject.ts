import { type Subject, UsageError } from "#base";
import { type LanguageModel, loadModel } from "#models";

/** @throws UsageError SUBJECT_CLOSED for a subject that cannot be looked into */
export function requireOpen({ name, kind }: Subject): void {
  if (kind === "open") return;
  const claim = `Expected an open model, got ${name}, whose weights nobody sees`;
  throw new UsageError("SUBJECT_CLOSED", `concept-vectors: ${claim}; name a folder, hf:org/name or mini:encyclopedia`);
}

/** The model behind a subject. @throws UsageError SUBJECT_CLOSED; AssayError as loadModel() */
export async function openSubject(subject: Subject): Promise<LanguageModel> {
  requireOpen(subject);
  return loadModel(subject.name, { memory: Number.POSITIVE_INFINITY });
}
