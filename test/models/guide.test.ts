import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixture } from "./fixtures.ts";

const root = join(import.meta.dirname, "../..");
const guide = readFileSync(join(root, "docs/guides/open-models.md"), "utf8");
const fences = [...guide.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
const blocksOf = (language: string): string[] =>
  fences.filter(([, named]) => named === language).map(([, , block]) => block!);

let place = "";
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "assay-guide-"));
  cpSync(fixture("llama"), join(place, "folder"), { recursive: true });
  writeFileSync(join(place, "data.jsonl"), '{"prompt":"the capital of france is","completion":" paris"}\n');
});
afterAll(() => rmSync(place, { recursive: true }));

/** The folders of the page, here. */
const placed = (text: string): string => text.replaceAll('"./', `"${place}/`).replaceAll(" ./", ` ${place}/`);

test("the guide to open models says what runs: its TypeScript", () => {
  const code = placed(blocksOf("ts").join("\n"));

  const args = ["--conditions=assay-source", "--input-type=module-typescript", "-e", code];
  const said = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });

  expect(said).toContain("[ 16 ]");
  expect(existsSync(join(place, "adapter/adapter_model.safetensors"))).toBe(true);
  expect(existsSync(join(place, "merged/model.safetensors"))).toBe(true);
}, 60_000);

test("the README says what runs: loading, tracing, generating, and a gradient by an added vector", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, code] = /^```ts\n(import [^`]*assay\/models.*?)^```$/ms.exec(readme)!;

  const args = ["--conditions=assay-source", "--input-type=module-typescript", "-e", code!];
  const said = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });

  expect(said).toMatch(/^ ?Japanese Yen \[ 1, \d+, 384 \] [\d.e-]+ \[ 128 \]\n$/);
}, 60_000);

test("the guide to open models says what runs: its commands", () => {
  const commands = blocksOf("").flatMap((block) => block.trim().replaceAll(/^npx /gm, "").split("\n"));

  const said = commands.map((command) => {
    const words = placed(command)
      .replace("data.jsonl", join(place, "data.jsonl"))
      .matchAll(/"([^"]*)"|(\S+)/g);
    const [, ...args] = [...words].map(([, quoted, plain]) => quoted ?? plain!);
    const env = { ...process.env, ASSAY_HOME: join(place, "home") };
    return execFileSync(process.execPath, [join(root, "bin/assay.js"), ...args], {
      encoding: "utf8",
      env,
      stdio: "pipe",
    });
  });

  expect(commands).toHaveLength(8);
  expect(said.every((text) => text.length > 0)).toBe(true);
  expect(existsSync(join(place, "onnx/model.onnx"))).toBe(true);
}, 120_000);
