import { expect, test } from "vitest";
import { checkNames } from "./check-names.ts";

const judge = (path: string) => checkNames([{ path, text: "" }]);

test.each([
  "src/engine/utils/x.ts",
  "src/engine/helpers.ts",
  "test/common/y.test.ts",
  "src/base/test-helper.ts",
  "src/base/misc.ts",
])("checkNames() refuses %s, which says nothing", (path) => {
  expect(judge(path)[0]?.message).toContain("says nothing");
});

test.each(["src/engine/linearAlgebra.ts", "src/Engine/x.ts", "src/engine/linear_algebra.ts"])(
  "checkNames() refuses %s, which is not in kebab-case",
  (path) => {
    expect(judge(path)[0]?.message).toContain("kebab-case");
  },
);

test.each(["src/engine/linear-algebra.ts", "test/types/value.test-d.ts", "src/models/gpt2/index.ts"])(
  "checkNames() accepts %s",
  (path) => {
    expect(judge(path)).toEqual([]);
  },
);
