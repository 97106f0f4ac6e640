import { expect, test } from "vitest";
import { AssayError, invariant, UsageError } from "./errors.ts";

test("AssayError carries a code for programs, a hint for people, and the cause", () => {
  const cause = new Error("disk full");

  const error = new AssayError("STORE_FULL", "store: Expected room on the disk, got none", {
    hint: "Free some space",
    details: { path: "runs.sqlite" },
    cause,
  });

  expect(error).toMatchObject({ code: "STORE_FULL", hint: "Free some space", details: { path: "runs.sqlite" }, cause });
  expect(String(error)).toBe("AssayError: store: Expected room on the disk, got none");
});

test("AssayError has no cause of its own when none is given", () => {
  expect("cause" in new AssayError("X", "x: Expected y, got z")).toBe(false);
});

test("UsageError is an AssayError that the command line can tell apart", () => {
  const error = new UsageError("UNKNOWN_STUDY", "assay: Expected a study, got x");

  expect(error).toBeInstanceOf(AssayError);
  expect(new AssayError("X", "x")).not.toBeInstanceOf(UsageError);
});

test("invariant() passes what holds and names what does not", () => {
  expect(() => invariant(1, "one is true")).not.toThrow();
  expect(() => invariant(0, "a cotangent was written twice")).toThrow(
    expect.objectContaining({ code: "INVARIANT", message: expect.stringContaining("a cotangent was written twice") }),
  );
});
