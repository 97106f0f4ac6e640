import { UsageError } from "#base";
import { letterOfByte } from "./byte-level.ts";
import { mergePairs } from "./merge-pairs.ts";
import type { TokenizerJson } from "./tokenizer-files.ts";
import { gpt2Words, wordCounts, wordsWithMarks } from "./word-counts.ts";

/** What a trained tokenizer is to be like. */
export interface TrainBpeOptions {
  /** Bytes and special tokens included. */
  readonly vocabularySize: number;
  /** Get the first numbers, in this order. Default `<|endoftext|>`. */
  readonly specialTokens?: readonly string[];
  /** A pair that occurs less often is not merged. Default 2. */
  readonly minFrequency?: number;
  /**
   * Where a text is cut before any merge: `gpt2` as in GPT-2, the default; `marks` with marks inside words, for scripts
   * whose vowels are marks.
   */
  readonly words?: keyof typeof cuts;
}

const cuts = { gpt2: gpt2Words, marks: wordsWithMarks } as const;

/**
 * Trains a byte-level BPE tokenizer as GPT-2's: every text can be written with it. The same texts give the same file.
 *
 * @throws UsageError VOCABULARY_SIZE_INVALID when there is no room for the 256 bytes and the special tokens
 * @example writeTokenizer("./folder", trainBpe(stories, { vocabularySize: 4096 }), { eos: "<|endoftext|>" })
 */
export function trainBpe(texts: Iterable<string>, options: TrainBpeOptions): TokenizerJson {
  const { vocabularySize, specialTokens = ["<|endoftext|>"], minFrequency = 2, words: cut = "gpt2" } = options;
  const tokens = [...specialTokens, ...letterOfByte.toSorted((a, b) => (a < b ? -1 : 1))];
  const vocabulary = new Map(tokens.map((token, id) => [token, id]));
  if (vocabulary.size !== tokens.length || vocabularySize < tokens.length) {
    const claim = `Expected room for ${tokens.length} different bytes and special tokens, got ${vocabularySize}`;
    throw new UsageError("VOCABULARY_SIZE_INVALID", `trainBpe: ${claim}`);
  }
  const counts = wordCounts(texts, { skip: specialTokens, words: cuts[cut] });
  const numberOfByte = letterOfByte.map((letter) => vocabulary.get(letter)!);
  const words = Array.from(counts.keys(), (word) => Array.from(Buffer.from(word), (byte) => numberOfByte[byte]!));
  const number = (left: number, right: number): number | undefined => {
    const token = tokens[left]! + tokens[right]!;
    const known = vocabulary.get(token);
    if (known !== undefined || tokens.length >= vocabularySize) return known;
    vocabulary.set(token, tokens.length);
    return tokens.push(token) - 1;
  };
  const merges = mergePairs(words, [...counts.values()], { minFrequency, number });
  return tokenizerJson({
    specialTokens,
    cut,
    vocab: Object.fromEntries(vocabulary),
    merges: merges.map(({ left, right }) => [tokens[left]!, tokens[right]!]),
  });
}

interface Trained {
  readonly specialTokens: readonly string[];
  readonly cut: keyof typeof cuts;
  readonly vocab: Readonly<Record<string, number>>;
  readonly merges: readonly (readonly [string, string])[];
}

const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };

/** How the file says where a text is cut. */
const preTokenizers = {
  gpt2: byteLevel,
  marks: {
    type: "Sequence",
    pretokenizers: [
      {
        type: "Split",
        // Rust's \s is Unicode's White_Space.
        pattern: {
          Regex: wordsWithMarks.source.replaceAll("\\p{White_Space}", "\\s").replaceAll("\\P{White_Space}", "\\S"),
        },
        behavior: "Isolated",
        invert: false,
      },
      { ...byteLevel, use_regex: false },
    ],
  },
} as const satisfies Record<keyof typeof cuts, unknown>;

function tokenizerJson({ specialTokens, cut, vocab, merges }: Trained): TokenizerJson {
  const added = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({ id, content, ...added })),
    normalizer: null,
    pre_tokenizer: preTokenizers[cut],
    post_processor: { ...byteLevel, trim_offsets: false },
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges,
    },
  };
}
