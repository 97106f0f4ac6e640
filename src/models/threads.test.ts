import { expect, test } from "vitest";
import { families, threadsOf } from "./index.ts";

test("threadsOf() gives one thread to a narrow model, and all to a wide one", () => {
  const { tiny } = families.llama;

  expect(threadsOf({ ...tiny, hiddenSize: 64 })).toEqual({ threads: 1 });
  expect(threadsOf({ ...tiny, hiddenSize: 4096 })).toEqual({});
});
