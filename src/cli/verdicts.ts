import type { Verdict, VerdictStatus } from "#base";

/** A sign and a word: colour alone would leave some readers out. */
const signs: Readonly<Record<VerdictStatus, string>> = {
  holds: "✓ holds",
  fails: "✗ fails",
  undecided: "? undecided",
  "not testable here": "– not testable here",
};

/** One verdict on one line. */
export function verdictLine({ status, subject, evidence, needed, missing }: Verdict): string {
  const who = subject === undefined ? "" : ` for ${subject}`;
  const more = needed === undefined ? "" : `; about ${needed} samples would decide`;
  const lacking = missing === undefined || missing.length === 0 ? "" : `; missing: ${missing.join(", ")}`;
  return `${signs[status]}${who}: ${evidence}${more}${lacking}`;
}
