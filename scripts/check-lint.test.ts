import { join } from "node:path";
import { expect, test } from "vitest";
import { readLinter } from "./check-lint.ts";

const file = join(process.cwd(), "src/base/x.ts");

test("readLinter() turns biome's lines into violations", () => {
  const output = `
::error title=lint/suspicious/noExplicitAny,file=${file},line=2,endLine=2,col=16,endColumn=19::Unexpected any.%0AUse 100%25 types.
::notice title=lint/complexity/useLiteralKeys,file=${file},line=3,endLine=3,col=1,endColumn=2::Simplify.
check ━━━━━━
  × Some errors were emitted while running checks.`;

  expect(readLinter(output)).toEqual([
    { file: "src/base/x.ts", line: 2, message: "lint/suspicious/noExplicitAny: Unexpected any. Use 100% types." },
    { file: "src/base/x.ts", line: 3, message: "lint/complexity/useLiteralKeys: Simplify.", warning: true },
  ]);
});

test("readLinter() says what to do about a file that is not formatted", () => {
  const line = `::error title=format,file=${file},line=1,endLine=1,col=2,endColumn=2::Formatter would have printed`;

  expect(readLinter(line)).toEqual([
    { file: "src/base/x.ts", line: 1, message: "is not formatted; run npx biome check --write" },
  ]);
});
