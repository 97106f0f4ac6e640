/** Words of invented tongues: syllables of two letters, in one alphabet or another. */
import type { RandomStream } from "#base";

const consonants = [..."bdfgklmnprst"];
const vowels = [..."aeiou"];
/** The same letters in another alphabet. */
const other: Readonly<Record<string, string>> = {
  b: "б",
  d: "д",
  f: "ф",
  g: "г",
  k: "к",
  l: "л",
  m: "м",
  n: "н",
  p: "п",
  r: "р",
  s: "с",
  t: "т",
  a: "а",
  e: "е",
  i: "и",
  o: "о",
  u: "у",
};

/** Draws words, none of them twice. */
export class WordMaker {
  readonly #random: RandomStream;
  readonly #said = new Set<string>();

  constructor(random: RandomStream) {
    this.#random = random;
  }

  /** A new word of some syllables, in the first alphabet or the second. */
  draw(syllables: number, alphabet: "first" | "second"): string {
    for (;;) {
      const parts = Array.from({ length: syllables }, () => this.#random.pick(consonants) + this.#random.pick(vowels));
      const word = alphabet === "first" ? parts.join("") : [...parts.join("")].map((letter) => other[letter]!).join("");
      if (this.#said.has(word)) continue;
      this.#said.add(word);
      return word;
    }
  }
}
