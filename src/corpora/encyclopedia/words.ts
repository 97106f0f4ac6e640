/** The words of the encyclopedia: invented ones, and everyday ones that concepts share. */
import { type RandomStream, stream } from "#base";

const onsets = "b d f g k l m n p r s t v z br dr gr kl pr st tr vl".split(" ");
const vowels = "a e i o u ai ou ei".split(" ");
const codas = "n r l s m k x nd rt lk".split(" ");

/** So many invented words, all different, none of them an English word. */
export function inventedWords(count: number, purpose: string, taken: Set<string> = new Set()): string[] {
  const random = stream(0, `encyclopedia/${purpose}`);
  const words: string[] = [];
  while (words.length < count) {
    const word = `${syllable(random)}${pick(onsets, random)}${pick(vowels, random)}${pick(codas, random)}`;
    if (taken.has(word)) continue;
    taken.add(word);
    words.push(word);
  }
  return words;
}

const syllable = (random: RandomStream): string => pick(onsets, random) + pick(vowels, random);
const pick = (choices: readonly string[], random: RandomStream): string => choices[random.int(choices.length)]!;

/** What a concept may be said to have, by relation: everyday words, each shared by several concepts. */
export const values = {
  food: "bread honey barley plums cheese walnuts lentils pears butter mustard onions salmon ginger apples chestnuts rice",
  animal: "heron otter badger goose lizard ferret sparrow camel beaver raven turtle hedgehog falcon donkey weasel moth",
  material: "copper granite linen amber clay ivory cedar marble velvet slate bronze wicker leather glass wool iron",
  colour:
    "crimson violet orange turquoise brown silver golden purple scarlet grey indigo green white black yellow pink",
  tool: "hammer chisel lantern needle ladder bucket anvil kettle compass shovel saddle pulley bellows rake funnel spindle",
  season:
    "spring summer autumn winter January March April June July August October November Easter Monday midnight dawn",
  sound:
    "bells drums whistles flutes thunder laughter trumpets harps rattles horns silence echoes violins gongs chimes fiddles",
} as const satisfies Readonly<Record<string, string>>;

/** A relation of a concept: seven to everyday words, one to an invented town. */
export type Relation = keyof typeof values | "town";

/** The relations, in the order in which articles go through them. */
export const relations = [...Object.keys(values), "town"] as readonly Relation[];

/** The values of a relation. */
export function valuesOf(relation: Relation): readonly string[] {
  if (relation === "town") return towns;
  return values[relation].split(" ");
}

const taken = new Set<string>();
const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

/** Sixteen invented towns. */
export const towns: readonly string[] = inventedWords(16, "towns", taken).map(capital);

/** The names of all concepts. */
export const names: readonly string[] = inventedWords(40, "names", taken).map(capital);

/** How many words of its own a concept has. */
export const ownWordsEach = 6;

/** The words that belong to one concept alone, in the order of the names. */
export const ownWords: readonly (readonly string[])[] = names.map((name) =>
  inventedWords(ownWordsEach, `words of ${name}`, taken),
);
