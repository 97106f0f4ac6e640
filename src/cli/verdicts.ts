import type { Verdict } from "#base";
import { statusSigns } from "#report/terminal";

/** One verdict on one line. */
export function verdictLine({ status, subject, evidence, needed, missing }: Verdict): string {
  const who = subject === undefined ? "" : ` for ${subject}`;
  const more = needed === undefined ? "" : `; about ${needed} samples would decide`;
  const lacking = missing === undefined || missing.length === 0 ? "" : `; missing: ${missing.join(", ")}`;
  return `${statusSigns[status].sign} ${status}${who}: ${evidence}${more}${lacking}`;
}
