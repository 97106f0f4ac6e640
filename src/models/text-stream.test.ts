import fc from "fast-check";
import { expect, test } from "vitest";
import type { Tokenizer } from "#formats";
import { TextStream } from "./text-stream.ts";

/** One token a byte, as byte-level models spell what they do not know. */
const bytes = {
  decode: (ids: Iterable<number>) => new TextDecoder().decode(Uint8Array.from(ids)),
} as Tokenizer;

const idsOf = (text: string): number[] => [...new TextEncoder().encode(text)];

function streamed(text: string, { stops = [], prompt = "Say: " }: { stops?: string[]; prompt?: string } = {}) {
  const stream = new TextStream(bytes, { promptIds: idsOf(prompt), stops });
  const deltas: string[] = [];
  for (const id of idsOf(text)) {
    deltas.push(stream.push(id));
    if (stream.isStopped) break;
  }
  deltas.push(stream.end());
  return { text: stream.text, deltas };
}

test("TextStream waits for the last byte of a character", () => {
  const { deltas } = streamed("a€b");

  expect(deltas).toEqual(["a", "", "", "€", "b", ""]);
});

test("TextStream gives back any text in pieces", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const whole = new TextDecoder().decode(new TextEncoder().encode(text));
      fc.pre(!whole.includes("\uFFFD"));
      expect(streamed(whole).deltas.join("")).toBe(whole);
    }),
  );
});

test("TextStream holds back what may begin a stop string, and lets it go when it does not", () => {
  const { deltas, text } = streamed("one\nEx two", { stops: ["\nEnd"] });

  expect(deltas).toEqual(["o", "n", "e", "", "", "\nEx", " ", "t", "w", "o", ""]);
  expect(text).toBe("one\nEx two");
});

test("TextStream ends before the first of several stop strings and streams exactly what it returns", () => {
  const { deltas, text } = streamed("abc. def; ghi", { stops: ["; ", ". "] });

  expect(text).toBe("abc");
  expect(deltas.join("")).toBe("abc");
});

test("TextStream gives an unfinished character at the end as it is", () => {
  const stream = new TextStream(bytes, { promptIds: idsOf("x"), stops: [] });
  stream.push(0xe2);

  expect(stream.end()).toBe("\uFFFD");
});
