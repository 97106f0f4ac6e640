import { expect, test } from "vitest";
import { readCompiler } from "./check-types.ts";

test("readCompiler() turns the compiler's lines into violations, with their explanations", () => {
  const output = `src/base/x.ts(3,7): error TS2322: Type 'A' is not assignable to type 'B'.
  Property 'c' is missing.
src/base/y.ts(1,1): error TS6133: 'x' is declared but its value is never read.
`;

  expect(readCompiler(output)).toEqual([
    {
      file: "src/base/x.ts",
      line: 3,
      message: "TS2322: Type 'A' is not assignable to type 'B'. Property 'c' is missing.",
    },
    { file: "src/base/y.ts", line: 1, message: "TS6133: 'x' is declared but its value is never read." },
  ]);
});

test("readCompiler() loses nothing that it does not understand", () => {
  expect(readCompiler("error TS5058: The specified path does not exist\n")).toEqual([
    { file: "tsc", line: 1, message: "error TS5058: The specified path does not exist" },
  ]);
});
