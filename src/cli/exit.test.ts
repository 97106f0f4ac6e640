import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { AssayError, UsageError } from "#base";
import { deskDouble } from "./desk-double.ts";
import { Exit, explain } from "./exit.ts";

function explained(error: unknown, verbose = false): { code: number; said: string } {
  const desk = deskDouble();
  const code = explain(error, { desk, verbose });
  return { code, said: desk.told.join("\n") };
}

test("explain() gives usage errors 2, a stop 130, other errors 1, and a command's own code otherwise", () => {
  const errors = [
    new UsageError("A", "a"),
    new AssayError("B", "b"),
    new Error("c"),
    new AssayError("ABORTED", "b"),
    new Exit(100),
    new CommanderError(1, "x", "x"),
  ];

  expect(errors.map((error) => explained(error).code)).toEqual([2, 1, 1, 130, 100, 2]);
});

test("explain() shows message, hint and code of a known error, and its stack only when asked", () => {
  const error = new AssayError("SHAPE", "who: Expected a, got b", { hint: "Try c", cause: new Error("deep") });

  expect(explained(error).said).toBe("who: Expected a, got b\nTry c\nSHAPE");
  expect(explained(error, true).said).toContain("caused by Error: deep");
});

test("explain() shows the stack of an error that nobody foresaw", () => {
  expect(explained(new TypeError("oops")).said).toMatch(/Unexpected error: oops\n.*exit\.test/s);
});
