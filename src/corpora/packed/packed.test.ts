import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { smearClasses, smearWindows } from "./blood-smears.ts";
import { signDigitClasses, signDigits } from "./sign-digits.ts";

const home = mkdtempSync(join(tmpdir(), "assay-packed-"));
afterAll(() => rmSync(home, { recursive: true }));

/** Two hands and one smear with one white cell in its left half. */
function planted(): string {
  const write = (name: string, content: string | Uint8Array) => writeFileSync(join(home, name), content);
  write("signdigits-48x48.rgb.gz", gzipSync(new Uint8Array(2 * 48 * 48 * 3).fill(7)));
  write("signdigits.csv", "row,digit,split,source_file\n0,3,train,3/a.jpg\n1,8,test,8/b.jpg\n");
  const smear = new Uint8Array(128 * 96 * 3).map((_, at) => Math.floor(at / 3) % 128);
  write("bccd-128x96.rgb.gz", gzipSync(smear));
  write(
    "bccd-images.csv",
    "row,name,split,orig_width,orig_height,n_wbc,n_rbc,n_platelets\n0,smear,val,640,480,1,1,0\n",
  );
  write("bccd-boxes.csv", "row,label,xmin,ymin,xmax,ymax\n0,WBC,20,20,120,120\n0,RBC,300,200,400,300\n");
  return home;
}

test("signDigits() reads pictures with their digits and splits", async () => {
  const found = await signDigits(planted());

  expect(found.map(({ name, label, split }) => [name, label, split])).toEqual([
    ["3/a.jpg", 3, "train"],
    ["8/b.jpg", 8, "test"],
  ]);
  expect(found[1]!.pixels).toMatchObject({ width: 48, height: 48 });
});

test("smearWindows() keeps windows that hold a white cell or none of it, with the boxes that reach in", async () => {
  const found = await smearWindows(planted());

  // The white cell is at 4 to 24 pixels: whole in the window at 0, 0; beyond the three at x ≥ 32 and y ≥ 32.
  expect(found.map(({ name, label }) => [name, label])).toEqual([
    ["smear@0,0", 1],
    ["smear@32,0", 0],
    ["smear@64,0", 0],
    ["smear@0,32", 0],
    ["smear@32,32", 0],
    ["smear@64,32", 0],
  ]);
  expect(found[1]!.boxes).toEqual([{ kind: "RBC", left: 28, top: 40, right: 48, bottom: 60 }]);
  expect(found[2]!.pixels.data.slice(0, 4)).toEqual(Uint8Array.from([64, 64, 64, 65]));
});

test("packed pictures that are cut, or that are none, are refused with their file", async () => {
  planted();
  writeFileSync(join(home, "signdigits-48x48.rgb.gz"), gzipSync(new Uint8Array(100)));
  await expect(signDigits(home)).rejects.toThrow("Expected pictures of 48 × 48 × 3 bytes");
  writeFileSync(join(home, "signdigits-48x48.rgb.gz"), "text");
  await expect(signDigits(home)).rejects.toThrow("Expected a gzip file");
  await expect(signDigits(join(home, "none"))).rejects.toThrow("Expected packed pictures");
});

const shared = join(process.env.ASSAY_SHARED ?? "../shared", "data/pace");

describe.skipIf(!existsSync(shared))("with the pictures in ASSAY_SHARED", () => {
  test("signDigits() has a hundred of each digit, a fifth of them for the test", async () => {
    const digits = await signDigits(shared);

    const counts = signDigitClasses.map((_, digit) => digits.filter(({ label }) => label === digit).length);
    expect(counts).toEqual(signDigitClasses.map(() => 100));
    expect(digits.filter(({ split }) => split === "test").length).toBe(200);
  });

  test("smearWindows() has 753 windows with a white cell and 649 without", async () => {
    const windows = await smearWindows(shared);

    expect(smearClasses.map((_, at) => windows.filter(({ label }) => label === at).length)).toEqual([649, 753]);
  });
});
