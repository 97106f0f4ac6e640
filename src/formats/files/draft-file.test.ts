import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeAtomically } from "./draft-file.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("writeAtomically() leaves the old file as it was when writing fails, and no draft", () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-draft-"));
  const file = join(folder, "a.txt");
  writeAtomically(file, (append) => ["old ", "words"].forEach((piece) => void append(bytes(piece))));

  const failing = () =>
    writeAtomically(file, (append) => {
      append(bytes("new"));
      expect(readFileSync(file, "utf8")).toBe("old words");
      throw new Error("in the middle");
    });

  expect(failing).toThrow("in the middle");
  expect(readFileSync(file, "utf8")).toBe("old words");
  expect(readdirSync(folder)).toEqual(["a.txt"]);
});
