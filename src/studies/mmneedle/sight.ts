import { type Subject, UsageError } from "#base";

/** @throws UsageError SUBJECT_BLIND for a subject that is known to read words only */
export function requireSight({ name, reads }: Subject): void {
  if (reads !== "text") return;
  const claim = `Expected a subject that sees pictures, got ${name}, which reads text only`;
  throw new UsageError("SUBJECT_BLIND", `mmneedle: ${claim}; name an API model with vision or a baseline`);
}
