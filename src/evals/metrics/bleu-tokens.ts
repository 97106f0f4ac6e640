import { splitWords } from "../python-text.ts";

/** Splits punctuation off words; the apostrophe stays, a period or comma inside a number too. */
const splits: readonly (readonly [RegExp, string])[] = [
  [/([{-~[-` -&(-+:-@/])/g, " $1 "],
  [/([^0-9])([.,])/g, "$1 $2 "],
  [/([.,])([^0-9])/g, " $1 $2"],
  [/([0-9])(-)/g, "$1 $2 "],
];

const entities: readonly (readonly [string, string])[] = [
  ["&quot;", '"'],
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
];

/**
 * Tokens of mteval-v13a, the tokeniser of WMT: end-of-line hyphens joined, four entities decoded, punctuation apart.
 *
 * Source   sacreBLEU 2.6.0, tokenizers/tokenizer_13a.py
 */
export function tokenize13a(text: string): string[] {
  let line = text.replaceAll("<skipped>", "").replaceAll("-\n", "").replaceAll("\n", " ");
  if (line.includes("&")) for (const [entity, mark] of entities) line = line.replaceAll(entity, mark);
  return splitPunctuation(line);
}

/** What mteval-v13a does to a line once entities and line ends are gone. */
export function splitPunctuation(line: string): string[] {
  return splitWords(splits.reduce((text, [pattern, apart]) => text.replace(pattern, apart), ` ${line} `));
}
