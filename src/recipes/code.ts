/** `mini:code`: a Llama that has read the JavaScript and the type declarations of the project's dependencies. */
import { join } from "node:path";
import { hashOf } from "#base";
import { type MiddleOrder, middleSentinels, packageSources, type SourceGroup, sourceGroups } from "#corpora";
import { loadTokenizer, type Tokenizer, trainBpe, writeAtomically, writeTokenizer } from "#formats";
import { CodeWindows } from "./code-batches.ts";
import { bitsPerCharacter, charactersOf, type MiddleBits, middleBits, zstdBitsPerCharacter } from "./code-measures.ts";
import { FiveGram } from "./five-gram.ts";
import { type Aim, aim, type Miniature, type MiniatureResult, type TrainMiniatureOptions } from "./miniature.ts";
import { batchOfTexts, type Examined } from "./next-tokens.ts";
import { trainLlama } from "./train-llama.ts";

const shape = {
  vocabularySize: 4096,
  hiddenSize: 128,
  intermediateSize: 384,
  layers: 4,
  heads: 4,
  contextLength: 256,
};
const settings = {
  batchSize: 4,
  steps: 7000,
  learningRate: 2.5e-3,
  lastRate: 1e-4,
  warmUp: 200,
  clipNorm: 1,
  start: "by width" as const,
  middleShare: 0.6,
  echoShare: 0.15,
  longestMiddle: 80,
  piece: { least: 32, most: 192 },
  atTokens: 0.5,
  middleWeight: 2,
  orders: ["PSM", "PSM", "SPM"] as MiddleOrder[],
  charactersOfPackage: 300_000,
};
const optimizer = { beta2: 0.98, weightDecay: 0.01 };
const end = "<|endoftext|>";

/** Source text, and what belongs in the middle of it. */
export const code: Miniature = {
  name: "mini:code",
  description: "continues JavaScript and type declarations, and fills in the middle",
  train: trainCode,
};

async function trainCode(options: TrainMiniatureOptions): Promise<MiniatureResult> {
  const { output, seed = 0, limit, onEvent } = options;
  onEvent?.({ type: "stage-start", stage: "reading the dependencies" });
  const files = packageSources(options.project ?? ".", settings).slice(0, limit);
  const groups = sourceGroups(files);
  const [seen, held] = [textsOf(groups, "train"), textsOf(groups, "heldOut")];
  onEvent?.({ type: "stage-start", stage: "making the tokenizer" });
  const tokenizer = makeTokenizer(output, seen);
  writeGroups(output, groups);
  const windows = new CodeWindows(seen, {
    ...settings,
    tokenizer,
    seed,
    length: shape.contextLength,
    size: settings.batchSize,
  });
  const corpus = { corpus: hashOf(groups.map(({ hash }) => hash)), groups: groups.length, texts: seen.length };
  const recipe = {
    miniature: code.name,
    shape,
    settings,
    optimizer,
    endId: tokenizer.specials.end!,
    about: { ...corpus, characters: charactersOf(seen), tokens: windows.tokens },
    batch: (step: number) => batchOfTexts(windows.at(step).map((window) => ({ ...window, from: 1 }))),
    glance: (examined: Examined) => glance(held, tokenizer, examined),
    examine: (examined: Examined) => examine({ seen, held, tokenizer }, examined),
  };
  return trainLlama(recipe, options);
}

/** The first text of each group of a split: the others are nearly the same. */
const textsOf = (groups: readonly SourceGroup[], split: SourceGroup["split"]): string[] =>
  groups.filter((group) => group.split === split).map(({ files }) => files[0]!.text);

function makeTokenizer(output: string, texts: readonly string[]): Tokenizer {
  const { vocabularySize, contextLength } = shape;
  const json = trainBpe(texts, { vocabularySize, specialTokens: [end, ...Object.values(middleSentinels)] });
  writeTokenizer(output, json, { eos: end, contextLength });
  return loadTokenizer(output);
}

/** Which contents the model saw; whoever tests it draws from the rest. */
function writeGroups(folder: string, groups: readonly SourceGroup[]): void {
  const hashes = (split: SourceGroup["split"]) =>
    groups.filter((group) => group.split === split).map(({ hash }) => hash);
  const text = JSON.stringify({ seen: hashes("train"), heldOut: hashes("heldOut") }, null, 1);
  writeAtomically(join(folder, "groups.json"), (append) => append(Buffer.from(`${text}\n`)));
}

/** What it is worth on some of the texts: as it reads on, and in a middle told what follows it and not. */
async function glance(held: readonly string[], tokenizer: Tokenizer, examined: Examined) {
  const { prefixAndSuffix, prefixOnly } = await middleBits(held.slice(0, 40), examined, {
    tokenizer,
    cut: "characters",
  });
  const bits = await bitsPerCharacter(held.slice(0, 12), tokenizer, examined);
  return { bitsPerCharacter: bits, middle: prefixAndSuffix, middleOfPrefixOnly: prefixOnly };
}

interface CodeExam {
  readonly seen: readonly string[];
  readonly held: readonly string[];
  readonly tokenizer: Tokenizer;
}

/** What the model foretells, beside what a simpler model and a compressor do. */
async function examine({ seen, held, tokenizer }: CodeExam, examined: Examined) {
  const characters = charactersOf(held);
  const bits = await bitsPerCharacter(held, tokenizer, examined);
  const fiveGram = new FiveGram(seen).bits(held) / characters;
  const zstd = zstdBitsPerCharacter(held);
  const middle = await middleBits(held, examined, { tokenizer, cut: "characters" });
  const middleAtTokens = await middleBits(held, examined, { tokenizer, cut: "tokens" });
  const aims = [
    below("held-out bits per character, against a 5-gram model of bytes", bits, fiveGram),
    below("held-out bits per character, against zstd -19 on each text", bits, zstd.each),
    below("held-out bits per character, against zstd -19 on all texts as one", bits, zstd.together),
    ...middleAims(middle),
  ];
  const measured = {
    heldOut: { texts: held.length, characters, bitsPerCharacter: round(bits) },
    fiveGram: round(fiveGram),
    zstdEachText: round(zstd.each),
    zstdAllTogether: round(zstd.together),
    middle: rounded(middle),
    middleAtTokens: rounded(middleAtTokens),
  };
  return { aims, measured };
}

/** In either order: whether the suffix tells it anything, and whether it knows more than from the prefix alone. */
function middleAims(middle: MiddleBits): Aim[] {
  const orders = [
    ["SPM", middle.suffixAndPrefix, middle.anotherSuffixAndPrefix],
    ["PSM", middle.prefixAndSuffix, middle.prefixAndAnotherSuffix],
  ] as const;
  return orders.flatMap(([order, told, misled]) => {
    const name = `bits per character of a middle (${order}), against`;
    return [
      below(`${name} being told another's suffix`, told, misled),
      below(`${name} the prefix alone`, told, middle.prefixOnly),
    ];
  });
}

const below = (name: string, value: number, target: number): Aim =>
  aim(name, round(value), { direction: "below", target: round(target) });

const rounded = (values: MiddleBits) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value)]));

const round = (bits: number): number => Math.round(bits * 1e4) / 1e4;
