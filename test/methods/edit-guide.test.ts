import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { deskDouble } from "../../src/cli/desk-double.ts";
import { runCommandLine } from "../../src/cli/main.ts";

const root = join(import.meta.dirname, "../..");
const guide = readFileSync(join(root, "docs/guides/edit-a-model.md"), "utf8");
const fences = [...guide.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
const blocksOf = (language: string): string[] =>
  fences.filter(([, named]) => named === language).map(([, , block]) => block!);

const place = mkdtempSync(join(tmpdir(), "assay-edit-guide-"));
afterAll(() => rmSync(place, { recursive: true }));

/** The places of the page, here. */
const placed = (text: string): string =>
  text
    .replaceAll('"./', `"${place}/`)
    .replaceAll(" ./", ` ${place}/`)
    .replaceAll(" patch.safe", ` ${place}/patch.safe`);

test("the guide to editing says what runs: its commands", async () => {
  const commands = blocksOf("").flatMap((block) => block.trim().replaceAll(/^npx /gm, "").split("\n"));

  const said: string[] = [];
  for (const command of commands) {
    const words = placed(command)
      .match(/"[^"]*"|\S+/g)!
      .slice(1)
      .map((word) => word.replaceAll('"', ""));
    const desk = deskDouble();
    expect(await runCommandLine(words, desk)).toBe(0);
    said.push(desk.printed.join("\n"));
  }

  expect(said[2]).toContain("Euro");
  const weights = (folder: string) => readFileSync(join(folder, "model.safetensors"));
  expect(weights(join(place, "restored"))).toEqual(weights(join(root, "miniatures/atlas")));
}, 120_000);

test("the guide to editing says what runs: its TypeScript", () => {
  const code = placed(blocksOf("ts").join("\n"));

  const args = ["--conditions=assay-source", "--input-type=module-typescript", "-e", code];
  const said = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });

  expect(said).toMatch(/^ Euro mini:atlas/);
}, 120_000);
