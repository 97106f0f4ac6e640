import { expect, test } from "vitest";
import { FiveGram } from "./five-gram.ts";

test("FiveGram: probabilities of all bytes add up to one after any context", () => {
  const model = new FiveGram(["let a = 1;\nlet b = 2;\n", "const c = a;"]);

  for (const context of ["", "l", "let ", "zzzz", "= 2;"]) {
    const before = Buffer.from(context);
    const total = Array.from({ length: 256 }, (_, byte) =>
      model.probability(Buffer.concat([before, Buffer.from([byte])]), before.length),
    ).reduce((sum, one) => sum + one, 0);

    expect(total).toBeCloseTo(1, 12);
  }
});

test("FiveGram weighs what followed a context against shorter ones, as by hand", () => {
  // After nothing: a twice and b once of three, two kinds. After "a": a once and b once, two kinds.
  const model = new FiveGram(["aab"]);

  const plain = (2 + 2 / 256) / 5;
  expect(model.probability(Buffer.from("a"), 0)).toBeCloseTo(plain, 12);
  expect(model.probability(Buffer.from("xaa"), 2)).toBeCloseTo((1 + 2 * plain) / 4, 12);
});

test("FiveGram needs fewer bits for what it has read", () => {
  const model = new FiveGram(["export const one = 1;\n".repeat(20)]);

  expect(model.bits(["export const one = 1;\n"])).toBeLessThan(model.bits(["zq! vjk #### wwwwwwww 9"]) / 10);
});
