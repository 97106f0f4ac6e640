import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { colorPictures } from "#corpora";
import { encode, readPhoto } from "#formats";
import { deskDouble } from "../../desk-double.ts";
import { runCommandLine } from "../../main.ts";

const home = mkdtempSync(join(tmpdir(), "assay-explain-"));
afterAll(() => rmSync(home, { recursive: true }));
const held = colorPictures({ seed: 0, size: 64, perClass: 15, split: "test" });
const file = ({ name }: { name: string }): string => join(home, `${name}.png`);

beforeAll(async () => {
  for (const picture of held) writeFileSync(file(picture), await encode(picture.pixels, { format: "png" }));
});

/** Runs `assay model explain …` and returns what came of it. */
async function explain(...args: string[]) {
  const desk = deskDouble();
  const code = await runCommandLine(["model", "explain", "mini:vit", ...args], desk);
  return { code, printed: desk.printed.join(""), told: desk.told.join("\n") };
}

test("assay model explain writes an overlay and a page of concepts beside each picture", async () => {
  const files = held.map(file);

  const { printed, told } = await explain(...files, "--count", "6");

  for (const { name, label } of held) {
    expect(printed).toContain(`${name}.png`);
    expect(printed).toContain(label === 0 ? "red and yellow" : "blue and green");
  }
  expect(told).toContain(`6 concepts learned from these ${held.length} pictures alone`);
  const overlay = await readPhoto(`${files[0]}.concepts.png`);
  expect([overlay.width, overlay.height]).toEqual([384, 384]);
  expect(readFileSync(`${files[0]}.concepts.svg`, "utf8")).toMatch(/^<svg[\s\S]+says (red and yellow|blue and green)/);
});

test("assay model explain keeps concepts with --save, and says the same of them with --concepts", async () => {
  const one = file(held[0]!);
  const kept = join(home, "kept");
  const learn = ["--learn", home, "--count", "3", "--json"];

  const first = JSON.parse((await explain(one, ...learn, "--save", kept)).printed);
  const again = JSON.parse((await explain(one, "--concepts", `${kept}.json`, "--json")).printed);

  expect(again.pictures[0].shares).toEqual(first.pictures[0].shares);
  expect(first.pictures[0]).toMatchObject({ grid: [8, 8], answer: "red and yellow" });
  expect(first.pictures[0].patches[0].length).toBe(3);
  const other = await explain(one, "--concepts", kept, "--layer", "1");
  expect([other.code, other.told]).toEqual([1, expect.stringContaining("explain a model with concepts of its own")]);
});

test.each(["attention", "saliency", "integrated-gradients", "agi", "lime", "shap"])(
  "assay model explain --method %s writes a heat map",
  async (method) => {
    const folder = join(home, method);

    const { printed } = await explain(file(held[1]!), "--method", method, "-o", folder, "--json");

    const [picture] = JSON.parse(printed).pictures;
    expect(picture.files).toEqual([join(folder, `${held[1]!.name}.png.${method}.png`)]);
    expect(existsSync(picture.files[0])).toBe(true);
    expect(picture.patches.length).toBe(64);
    expect(new Set(picture.patches.flat()).size).toBeGreaterThan(10);
  },
);

test("assay model explain asks about a class by name, and refuses what is none", async () => {
  const ask = (name: string) =>
    explain(file(held[0]!), "--method", "saliency", "--class", name, "-o", join(home, "asked"));

  expect((await ask("red and yellow")).told).toContain('saliency for "red and yellow"');
  expect(await ask("purple")).toMatchObject({ code: 2, told: expect.stringContaining('got "purple"') });
  expect((await explain(file(held[0]!), "--method", "guess")).told).toContain(
    "Expected --method to be one of concepts",
  );
});

test("assay model explain names a picture that cannot be read, and a folder without pictures", async () => {
  writeFileSync(join(home, "words.png"), "no picture");

  expect((await explain(join(home, "words.png"))).told).toContain("Expected a picture in");
  rmSync(join(home, "words.png"));
  expect((await explain(file(held[0]!), "--learn", join(home, "kept-none"))).code).toBe(1);
});
