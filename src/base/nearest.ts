import { distance } from "fastest-levenshtein";

/** The known name closest to what was typed, or undefined when none is near enough to be a likely slip. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.ceil(typed.length / 3)) + 1;
  for (const name of known) {
    const edits = distance(typed.toLowerCase(), name.toLowerCase());
    if (edits < bestDistance) [best, bestDistance] = [name, edits];
  }
  return best;
}

/** "; did you mean x?" when a known name is near, otherwise "; known: a, b, c". */
export function suggestion(typed: string, known: Iterable<string>): string {
  const names = [...known];
  const near = nearest(typed, names);
  return near === undefined ? `; known: ${names.join(", ")}` : `; did you mean "${near}"?`;
}
