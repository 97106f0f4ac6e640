import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { stream } from "#base";
import { encode, type Pixels } from "#formats";
import { perturbed } from "./perturb.ts";
import { openPictures } from "./pictures.ts";
import { settingsWith } from "./study-double.ts";

const home = mkdtempSync(join(tmpdir(), "assay-pace-"));
afterAll(() => rmSync(home, { recursive: true }));

const flat = (value: number): Pixels => ({ data: new Uint8Array(8 * 8 * 3).fill(value), width: 8, height: 8 });

test("perturbed() keeps the size, repeats itself, and leaves a grey picture without noise nearly alone", () => {
  const noisy: Pixels = { ...flat(0), data: Uint8Array.from({ length: 192 }, (_, at) => (at * 37) % 256) };
  const draw = (kind: "simclr" | "gentle", pixels = noisy) => perturbed(pixels, kind, stream(3, "test"));

  expect(draw("simclr")).toEqual(draw("simclr"));
  expect(draw("simclr").data).toHaveLength(192);
  expect(draw("gentle").data).not.toEqual(noisy.data);
  for (let seed = 0; seed < 20; seed++) {
    const { data } = perturbed(flat(100), "simclr", stream(seed, "grey"));
    expect(Math.max(...data) - Math.min(...data)).toBeLessThan(6);
  }
});

test("openPictures() reads a folder of class folders, with a split of its own or without", async () => {
  const folder = join(home, "photos");
  for (const kind of ["cats", "dogs"]) {
    mkdirSync(join(folder, kind), { recursive: true });
    for (let at = 0; at < 5; at++)
      writeFileSync(join(folder, kind, `${at}.png`), await encode(flat(40 * at), { format: "png" }));
  }
  const split = join(home, "split");
  for (const part of ["train", "test"]) {
    for (const kind of ["a", "b"]) {
      mkdirSync(join(split, part, kind), { recursive: true });
      writeFileSync(join(split, part, kind, "x.png"), await encode(flat(9), { format: "png" }));
    }
  }
  const open = (images: string) => openPictures(settingsWith({ dataset: "folder", images, pictures: "0" }), 0);

  const [found, own] = [await open(folder), await open(split)];

  expect([found.train.length, found.test.length, found.classes]).toEqual([8, 2, ["cats", "dogs"]]);
  expect([own.train.length, own.test.length]).toEqual([2, 2]);
  await expect(open("")).rejects.toThrow("Expected --set images=DIR");
  await expect(open(join(folder, "cats"))).rejects.toThrow("at least two class folders");
  mkdirSync(join(folder, "birds"));
  await expect(open(folder)).rejects.toThrow("every class folder of");
});

const shared = join(process.env.ASSAY_SHARED ?? "../shared", "data/pace");
describe.skipIf(!existsSync(shared))("with the pictures in ASSAY_SHARED", () => {
  test("openPictures() knows which patches of a smear show white cells", async () => {
    const set = await openPictures(settingsWith({ dataset: "blood-smears", pictures: "0" }), 0);

    const white = set.test.filter(({ label }) => label === 1);
    const share = white.map(
      ({ truth }) => truth!(8).filter((material) => material === set.target!.material).length / 64,
    );

    expect([set.train.length + set.test.length, white.length]).toEqual([1402, expect.any(Number)]);
    expect(share.every((one) => one > 0.02)).toBe(true);
    expect((await openPictures(settingsWith({ dataset: "sign-digits", pictures: "100" }), 0)).test).toHaveLength(20);
  });
});
