// Exercises: src/recipes/vit.ts src/recipes/train-vit.ts src/recipes/sign-digits.ts src/recipes/blood-smears.ts
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { stream } from "#base";
import { loadVisionModel } from "#models";
import { changedPicture } from "./picture-changes.ts";
import { findMiniature, localRecipes } from "./registry.ts";

const home = mkdtempSync(join(tmpdir(), "assay-pictures-"));
afterAll(() => rmSync(home, { recursive: true }));
const at = (name: string): string => join(home, name);

const pictureRecipes = Object.keys(localRecipes);

const gradient = {
  data: Uint8Array.from({ length: 5 * 4 * 3 }, (_, place) => (Math.floor(place / 3) % 5) * 40 + 20),
  width: 5,
  height: 4,
};

test("changedPicture() without room to change leaves a picture as it is, and flips and moves it where it may", () => {
  const still = changedPicture(gradient, stream(0, "still"), { flip: false, shift: 0, light: 0 });
  const seen = new Set<string>();
  for (let turn = 0; turn < 40; turn++) {
    const { data } = changedPicture(gradient, stream(turn, "moved"), { flip: true, shift: 1, light: 0 });
    seen.add(Array.from({ length: 5 }, (_, x) => data[x * 3]).join(" "));
  }

  expect(still.data).toEqual(gradient.data);
  expect([...seen].sort()).toEqual([
    "140 100 60 20 20",
    "180 140 100 60 20",
    "180 180 140 100 60",
    "20 20 60 100 140",
    "20 60 100 140 180",
    "60 100 140 180 180",
  ]);
});

test("mini:vit, stopped and started again, ends with the weights of one that was not", async () => {
  const vit = findMiniature("mini:vit");
  const small = { limit: 40, steps: 4, threads: 1 };
  const stop = new AbortController();

  const whole = await vit.train({ ...small, output: at("whole"), checkpoints: at("whole-steps") });
  const first = await vit.train({
    ...small,
    output: at("parts"),
    checkpoints: at("parts-steps"),
    signal: stop.signal,
    onEvent: (event) => event.type === "step-end" && event.step === 2 && stop.abort(),
  });
  const second = await vit.train({ ...small, output: at("parts"), checkpoints: at("parts-steps") });

  expect([whole.status, first.status, second.status]).toEqual(["finished", "stopped", "finished"]);
  const [one, other] = [await loadVisionModel(at("whole")), await loadVisionModel(at("parts"))];
  expect(other.weights).toEqual(one.weights);
  expect(one.requireLabels()).toEqual(["red and yellow", "blue and green"]);
  expect(one.pictures.resize).toMatchObject({ size: { height: 32, width: 32 } });
}, 60_000);

test("recipes of pictures that are not at hand name what is missing", async () => {
  for (const name of pictureRecipes) {
    const training = findMiniature(name).train({ output: at("none"), data: at("nowhere"), steps: 1 });
    await expect(training, name).rejects.toThrow("Expected packed pictures");
  }
});

const shared = process.env.ASSAY_SHARED ?? "../shared";

describe.skipIf(!existsSync(join(shared, "data/pace")))("with the pictures in ASSAY_SHARED", () => {
  test.each(pictureRecipes)(
    "%s trains on them, a little",
    async (name) => {
      const { status, measured } = await findMiniature(name).train({
        output: at(name),
        checkpoints: at(`${name}-steps`),
        data: shared,
        limit: 60,
        steps: 2,
        threads: 1,
      });

      expect(status).toBe("finished");
      expect(measured).toMatchObject({ known: expect.any(Number), heldOut: expect.any(Number) });
    },
    60_000,
  );
});
