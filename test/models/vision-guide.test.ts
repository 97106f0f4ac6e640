import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { colorPictures } from "#corpora";
import { encode } from "#formats";
import { scout } from "../../src/recipes/scout.ts";

const root = join(import.meta.dirname, "../..");
const guide = readFileSync(join(root, "docs/guides/vision-models.md"), "utf8");
const fences = [...guide.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
const blocksOf = (language: string): string[] =>
  fences.filter(([, named]) => named === language).map(([, , block]) => block!);

let place = "";
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "assay-vision-guide-"));
  mkdirSync(join(place, "pictures"));
  for (const [at, { name, pixels }] of colorPictures({ seed: 0, size: 32, perClass: 10, split: "test" }).entries()) {
    const bytes = await encode(pixels, { format: "png" });
    writeFileSync(join(place, "pictures", `${name}.png`), bytes);
    if (at === 0) cpSync(join(place, "pictures", `${name}.png`), join(place, "square.png"));
  }
});
/** Too little for a good CLIP, enough for one that embeds. */
const trainClip = () =>
  scout.train({ output: join(place, "clip"), checkpoints: join(place, "steps"), steps: 1, limit: 64, threads: 1 });

afterAll(() => rmSync(place, { recursive: true }));

/** The files of the page, here. */
const placed = (text: string): string => text.replaceAll('"./', `"${place}/`).replaceAll(" ./", ` ${place}/`);

test("the guide to vision models says what runs: its TypeScript", async () => {
  await trainClip();
  const code = placed(blocksOf("ts").join("\n"));

  const args = ["--conditions=assay-source", "--input-type=module-typescript", "-e", code];
  const said = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });

  expect(said).toContain("red and yellow [ 8, 8 ] 1 [ 1, 65, 48 ] [ 1, 65 ]");
  expect(said).toContain("[ 1, 64 ] [ 1, 64 ]");
}, 120_000);

test("the guide to vision models says what runs: its commands", () => {
  const commands = blocksOf("").flatMap((block) => block.trim().replaceAll(/^npx /gm, "").split("\n"));

  const said = commands.map((command) => {
    const [, ...args] = placed(command).split(" ");
    const env = { ...process.env, ASSAY_HOME: join(place, "home") };
    const line = [join(root, "bin/assay.js"), ...args];
    return execFileSync(process.execPath, line, { encoding: "utf8", env, stdio: "pipe" });
  });

  expect(said[2]).toContain("red and yellow");
  expect(existsSync(join(place, "square.png.concepts.svg"))).toBe(true);
  expect(existsSync(join(place, "explained/square.png.integrated-gradients.png"))).toBe(true);
  expect(JSON.parse(said[5]!).pictures.length).toBe(1);
  expect(existsSync(join(place, "vit/model.safetensors"))).toBe(true);
}, 120_000);
