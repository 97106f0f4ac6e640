import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AssayError } from "#base";
import {
  loadTokenizer,
  readSentencePiece,
  requireVocabularyFit,
  type Tokenizer,
  tokenRange,
  vocabularyFit,
} from "#formats";
import golden from "../golden/formats/tokenizers.golden.json" with { type: "json" };
import { expectSpans } from "./golden-spans.ts";
import { scratchFolder } from "./scratch-folder.ts";

const shared = process.env.ASSAY_SHARED ?? join(import.meta.dirname, "../../../shared");
const weights = join(shared, "weights");

function folderOf(json: unknown, config: unknown = {}): string {
  const folder = scratchFolder();
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(json));
  writeFileSync(join(folder, "tokenizer_config.json"), JSON.stringify(config));
  return folder;
}

const named = (name: string): Tokenizer =>
  loadTokenizer(folderOf(golden.cases.find((made) => made.name === name)!.tokenizer));

test.each(golden.cases)(
  "Tokenizer.encode() and decode() agree with Python's tokenizers: $name",
  ({ tokenizer: json, samples }) => {
    const tokenizer = loadTokenizer(folderOf(json));

    for (const { text, ids, plain, decoded, shown } of samples) {
      expect(tokenizer.encode(text), text).toEqual(ids);
      expect(tokenizer.encode(text, { special: false }), text).toEqual(plain);
      expect(tokenizer.decode(ids, { skipSpecial: true }), text).toBe(decoded);
      expect(tokenizer.decode(ids), text).toBe(shown);
    }
  },
);

test.each(golden.cases)(
  "Tokenizer.spans() places tokens as Python's tokenizers: $name",
  ({ tokenizer: json, samples }) => {
    const tokenizer = loadTokenizer(folderOf(json));

    for (const { text, plain, ids, offsets } of samples) {
      const start = ids.length === plain.length ? 0 : 1;
      const spans = tokenizer.spans(text, { special: false });
      expect(spans.map(({ id }) => id)).toEqual(plain);
      expectSpans(text, spans, offsets.slice(start, start + plain.length));
    }
  },
);

test.each(golden.cases)(
  "Tokenizer.encode() composes and decomposes as Python's tokenizers: $name",
  ({ tokenizer: json, composed }) => {
    const tokenizer = loadTokenizer(folderOf(json));

    for (const { text, ids } of composed) expect(tokenizer.encode(text), text).toEqual(ids);
  },
);

test("Tokenizer.spans() gives a composed letter all the characters that it was made of", () => {
  const text = "cafe\u0301 noir";

  const spans = named("llama3Style").spans(text, { special: false });

  const accent = spans.filter(({ start, end }) => start < 5 && end > 3);
  expect(accent.map(({ start, end }) => text.slice(start, end)).every((part) => part.endsWith("e\u0301"))).toBe(true);
});

test("Tokenizer.spans() covers every character of Hindi, Tamil, Kannada and emoji, in order", () => {
  const text = "सभी बच्चे, மனிதர்கள் ಮಾನವರು 👨‍👩‍👧 é";
  for (const name of ["byteLevel", "llamaStyle"]) {
    const spans = named(name).spans(text, { special: false });

    const covered = new Set(
      spans.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)),
    );
    expect(covered.size, name).toBe(text.length);
    expect(spans.every(({ start }, at) => at === 0 || start >= spans[at - 1]!.start)).toBe(true);
  }
});

test("Tokenizer.spans() puts special tokens at the ends, where no character is", () => {
  const spans = named("llama3Style").spans("Hello");

  expect(spans[0]).toEqual({ id: 1, token: "<s>", start: 0, end: 0 });
  expect(spans.at(-1)).toEqual({ id: 2, token: "</s>", start: 5, end: 5 });
});

test("tokenRange() finds the tokens of a subject, in any script", () => {
  const text = "The mother of सभी मनुष्य 🐈 lives in சென்னை.";
  for (const name of ["byteLevel", "llama3Style", "llamaStyle", "unigramBytes"]) {
    const spans = named(name).spans(text);
    for (const subject of ["सभी मनुष्य", "🐈", "சென்னை", "mother"]) {
      const start = text.indexOf(subject);
      const { first, past } = tokenRange(spans, { start, end: start + subject.length })!;

      const found = text.slice(spans[first]!.start, spans[past - 1]!.end);
      expect(found.trim().startsWith(subject) || found.includes(subject), `${name} ${subject} ${found}`).toBe(true);
      expect(tokenRange(spans.slice(past), { start, end: start + subject.length })).toBeUndefined();
    }
  }
});

test("a byte-level Tokenizer gives back every text", () => {
  const tokenizer = named("byteLevel");
  const plain = fc
    .string({ unit: "binary" })
    .filter((text) => !/<mask>|<\|endoftext\|>/.test(text) && text.isWellFormed());

  fc.assert(fc.property(plain, (text) => tokenizer.decode(tokenizer.encode(text)) === text));
});

/** Letters that belong together, and also halves of surrogate pairs that do not. */
const anyText = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
);

test("Tokenizer.spans() and encode() give the same numbers for any text", () => {
  const tokenizers = golden.cases.map(({ name }) => named(name));

  fc.assert(
    fc.property(anyText, fc.constantFrom(...tokenizers), (text, tokenizer) => {
      const spans = tokenizer.spans(text);
      expect(spans.map(({ id }) => id)).toEqual(tokenizer.encode(text));
      expect(spans.every(({ start, end }) => start >= 0 && start <= end && end <= text.length)).toBe(true);
    }),
  );
});

test("Tokenizer.specials names the tokens of the configuration", () => {
  const json = golden.cases.find(({ name }) => name === "llama3Style")!.tokenizer;
  const config = { bos_token: { content: "<s>" }, eos_token: "</s>", pad_token: null };

  const { specials, idOf, tokenOf } = withMethods(loadTokenizer(folderOf(json, config)));

  expect(specials).toMatchObject({ begin: 1, end: 2 });
  expect(specials.padding).toBeUndefined();
  expect(specials.all).toEqual(new Set([0, 1, 2]));
  expect([idOf("</s>"), tokenOf(2), tokenOf(99_999)]).toEqual([2, "</s>", undefined]);
});

const withMethods = (tokenizer: Tokenizer) => ({
  specials: tokenizer.specials,
  idOf: (token: string) => tokenizer.idOf(token),
  tokenOf: (id: number) => tokenizer.tokenOf(id),
});

test("vocabularyFit() says which tokens have no row, or how many rows have no token", () => {
  const tokenizer = named("byteLevel");
  const size = tokenizer.vocabularySize;

  expect(vocabularyFit(tokenizer, size)).toEqual({ kind: "equal" });
  expect(vocabularyFit(tokenizer, size + 28)).toEqual({ kind: "spare-rows", rows: 28 });
  expect(vocabularyFit(tokenizer, size - 2)).toEqual({
    kind: "missing-rows",
    tokens: [tokenizer.tokenOf(size - 2), tokenizer.tokenOf(size - 1)],
  });
  expect(() => requireVocabularyFit(tokenizer, size - 2)).toThrow(`got ${size}; 2 have none`);
  expect(() => requireVocabularyFit(tokenizer, size + 2)).not.toThrow();
});

test("loadTokenizer() says what is missing or wrong", () => {
  const folder = scratchFolder();
  expect(() => loadTokenizer(folder)).toThrow("Expected tokenizer.json, tokenizer.model");

  writeFileSync(join(folder, "tokenizer.json"), "{");
  expect(() => loadTokenizer(folder)).toThrow("Expected JSON");
  writeFileSync(join(folder, "tokenizer.json"), '{"model":{}}');
  expect(() => loadTokenizer(folder)).toThrow("Expected a model with a vocabulary");
  const json = { ...golden.cases[0]!.tokenizer, normalizer: { type: "Magic" } };
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(json));
  expect(() => loadTokenizer(folder)).toThrow(AssayError);
  expect(() => loadTokenizer(folder)).toThrow('got "Magic"');
  writeFileSync(
    join(folder, "tokenizer.json"),
    JSON.stringify({ ...json, normalizer: null, decoder: { type: "Magic" } }),
  );
  expect(() => loadTokenizer(folder)).toThrow("Unknown Decoder type: Magic");
});

test.skipIf(!existsSync(weights))("loadTokenizer() reads GPT-2's vocab.json and merges.txt (needs ../shared)", () => {
  const tokenizer = loadTokenizer(join(weights, "gpt2-124m-partial"));

  expect(tokenizer.vocabularySize).toBe(50_257);
  expect(tokenizer.encode("Hello world")).toEqual([15_496, 995]);
  expect(tokenizer.encode("Hello<|endoftext|>")).toEqual([15_496, 50_256]);
  const text = " naïve 🐈 — सभी\n\n  x";
  expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
});

test.skipIf(!existsSync(weights))(
  "loadTokenizer() reads tinystories-656k-hf as the checkpoint was trained (needs ../shared)",
  () => {
    const tokenizer = loadTokenizer(join(weights, "tinystories-656k-hf"));

    expect(tokenizer.vocabularySize).toBe(2048);
    expect(tokenizer.encode("Once upon a time")[0]).toBe(1);
    expect(tokenizer.decode(tokenizer.encode("Once upon a time"), { skipSpecial: true })).toBe("Once upon a time");
  },
);

test.skipIf(!existsSync(weights))(
  "a sentencepiece model and the tokenizer.json made of it give the same numbers (needs ../shared)",
  () => {
    const folder = join(weights, "stories260k-llama2c");
    const copy = join(scratchFolder(), "copy");
    mkdirSync(copy);
    copyFileSync(join(folder, "tok512.model"), join(copy, "tokenizer.model"));
    copyFileSync(join(folder, "tokenizer_config.json"), join(copy, "tokenizer_config.json"));
    const stories = JSON.parse(readFileSync(join(shared, "data/tinystories-1000/tinystories_1000.json"), "utf8"));
    const [json, model] = [loadTokenizer(folder), loadTokenizer(copy)];

    for (const story of stories.slice(0, 40)) expect(model.encode(story.trim())).toEqual(json.encode(story.trim()));
    expect(readSentencePiece(join(folder, "tok512.model")).encode("Once")).toEqual(
      json.encode("Once", { special: false }),
    );
  },
);
