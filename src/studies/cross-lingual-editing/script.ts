/** Which script a text is written in. */

const scripts = ["Latin", "Devanagari", "Tamil", "Kannada", "Cyrillic", "Greek", "Arabic", "Hebrew", "Han"] as const;
/** A script that texts are told apart by. */
export type Script = (typeof scripts)[number] | "none" | "mixed" | "other";

const patterns = scripts.map((name) => [name, new RegExp(`\\p{Script=${name}}`, "gu")] as const);

/** The one script of a text's letters: `mixed` for several, `none` for a text without letters, as numbers are. */
export function scriptOf(text: string): Script {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return "none";
  const counts = patterns
    .map(([name, pattern]) => [name, text.match(pattern)?.length ?? 0] as const)
    .filter(([, count]) => count > 0);
  if (counts.length > 1) return "mixed";
  return counts[0]?.[0] ?? "other";
}
