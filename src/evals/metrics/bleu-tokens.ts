import { isSpace, splitWords } from "../python-text.ts";

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

/** A word goes on; a mark is a token of its own; a space ends a word; a joint splits a word or not, as its digits say. */
const kinds = { word: 0, mark: 1, space: 2, joint: 3 } as const;

const kindsOfAscii = Uint8Array.from({ length: 128 }, (_, point) => {
  const character = String.fromCharCode(point);
  if (isSpace(point)) return kinds.space;
  if (/[{-~[-`!-&(-+:-@/]/.test(character)) return kinds.mark;
  return /[.,-]/.test(character) ? kinds.joint : kinds.word;
});

/** Periods and commas apart unless digits surround them, a dash apart after a digit: mteval's rules in their order. */
const joints: readonly (readonly [RegExp, string])[] = [
  [/([^0-9])([.,])/g, "$1 $2 "],
  [/([.,])([^0-9])/g, " $1 $2"],
  [/([0-9])(-)/g, "$1 $2 "],
];

/**
 * What mteval-v13a does to a line once entities and line ends are gone. The apostrophe stays in its word.
 *
 * mteval replaces in the whole line, again and again; between spaces and marks it comes to the same, for both end a word.
 */
export function splitPunctuation(line: string): string[] {
  const tokens: string[] = [];
  let [start, jointed] = [0, false];
  for (let at = 0; at <= line.length; at++) {
    const kind = at === line.length ? kinds.space : kindOf(line.charCodeAt(at));
    if (kind === kinds.word) continue;
    if (kind === kinds.joint) jointed = true;
    else {
      if (at > start) pushWord(tokens, line.slice(start, at), jointed);
      if (kind === kinds.mark) tokens.push(line[at]!);
      [start, jointed] = [at + 1, false];
    }
  }
  return tokens;
}

function kindOf(unit: number): number {
  if (unit < 128) return kindsOfAscii[unit]!;
  return isSpace(unit) ? kinds.space : kinds.word;
}

function pushWord(tokens: string[], word: string, jointed: boolean): void {
  if (!jointed) tokens.push(word);
  // Each replacement goes on behind what it matched: of periods in a row, whether one is seen depends on the one before.
  else if (/[.,][.,]/.test(word)) tokens.push(...splitWords(joints.reduce(replaceIn, ` ${word} `)));
  else pushJointed(tokens, word);
}

const replaceIn = (text: string, [pattern, apart]: (typeof joints)[number]): string => text.replace(pattern, apart);

/** The same for a word without such a row, where each joint is judged by its two neighbours. */
function pushJointed(tokens: string[], word: string): void {
  let start = 0;
  for (let at = 0; at < word.length; at++) {
    const mark = word[at]!;
    const apart =
      mark === "-" ? isDigit(word, at - 1) : isPoint(mark) && !(isDigit(word, at - 1) && isDigit(word, at + 1));
    if (!apart) continue;
    if (at > start) tokens.push(word.slice(start, at));
    tokens.push(mark);
    start = at + 1;
  }
  if (start < word.length) tokens.push(word.slice(start));
}

const isPoint = (mark: string): boolean => mark === "." || mark === ",";

function isDigit(word: string, at: number): boolean {
  const unit = word.charCodeAt(at);
  return unit >= 48 && unit <= 57;
}
