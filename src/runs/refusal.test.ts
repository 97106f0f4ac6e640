import { expect, test } from "vitest";
import { AssayError, UsageError } from "#base";
import { isRefusal } from "./refusal.ts";

test("isRefusal() tells what is wrong with the run itself from what can be mended outside it", () => {
  const itself = [
    new UsageError("CONTROL_MISSING", "no such control"),
    new AssayError("LAYER_OUT_OF_RANGE", "no such layer"),
    new AssayError("OPTION_RANGE", "no such rank"),
  ];
  const outside = [
    new UsageError("KEY_MISSING", "no key"),
    new UsageError("PRICE_UNKNOWN", "no price"),
    new AssayError("STORE_FULL", "no space"),
    new AssayError("STOPPED_BREAKER", "no server"),
    new TypeError("a bug"),
  ];

  expect([itself, outside].map((errors) => errors.map(isRefusal))).toEqual([
    itself.map(() => true),
    outside.map(() => false),
  ]);
});
