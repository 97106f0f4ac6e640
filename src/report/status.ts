import type { VerdictStatus } from "#base";

/** A sign for each status, because colour alone leaves some readers out, and a short name for its style. */
export const statusSigns: Readonly<Record<VerdictStatus, { readonly sign: string; readonly kind: string }>> = {
  holds: { sign: "✓", kind: "holds" },
  fails: { sign: "✗", kind: "fails" },
  undecided: { sign: "?", kind: "undecided" },
  "not testable here": { sign: "–", kind: "untestable" },
};
