import { expect, test } from "vitest";
import { CutOutput } from "./cut-output.ts";

const written = (most: number, pieces: readonly string[]): string => {
  const output = new CutOutput(most);
  for (const piece of pieces) output.add(piece);
  return output.text();
};

test("CutOutput keeps the first and the last half, and says how much is missing", () => {
  expect(written(4, ["a", "bcd"])).toBe("abcd");
  expect(written(4, ["abc", "defg", "h"])).toBe("ab\n… 4 characters left out …\ngh");
  expect(written(0, ["a".repeat(100)])).toBe("a\n… 98 characters left out …\na");
});
