import { formatPatch, OMIT_HEADERS, structuredPatch } from "diff";

/** How a diff is written. */
export interface TextDiffOptions {
  /** Unchanged lines around a change. */
  readonly context?: number;
}

/** Beyond this many changed lines the whole text is shown as replaced: the search grows with their square. */
const mostEdits = 4000;

/**
 * The difference of two texts in the unified format, from its first `@@` on; empty when there is none.
 *
 * Its lines are a shortest edit (Myers 1986), which may choose other equal lines than git's does.
 */
export function textDiff(before: string, after: string, { context = 3 }: TextDiffOptions = {}): string {
  if (before === after) return "";
  const patch = structuredPatch("a", "b", before, after, undefined, undefined, { context, maxEditLength: mostEdits });
  if (patch === undefined) return wholeDiff(before, after);
  const text = formatPatch(patch, OMIT_HEADERS).replace(/\n$/, "");
  // As git writes it: a range of one line is its number alone.
  return text.replaceAll(/^@@ .* @@$/gm, (head) => head.replaceAll(/,1(?= )/g, ""));
}

function wholeDiff(before: string, after: string): string {
  const [old, young] = [linesOf(before), linesOf(after)];
  const head = `@@ -${rangeOf(old)} +${rangeOf(young)} @@`;
  return [head, ...signed(before, "-"), ...signed(after, "+")].join("\n");
}

const rangeOf = ({ length }: readonly string[]): string => (length === 1 ? "1" : `${Math.min(length, 1)},${length}`);

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** A remark about the last line's missing end is no line of the text: it has no sign and is not counted. */
function signed(text: string, sign: string): string[] {
  const lines = linesOf(text).map((line) => sign + line);
  return text === "" || text.endsWith("\n") ? lines : [...lines, "\\ No newline at end of file"];
}
