// Exercises: src/evals/subjects/retrieval.ts src/evals/subjects/files-hash.ts
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ImagePart, Question } from "#base";
import { captionOf, drawScene, sampleScenes } from "#corpora";
import { resolveSubject } from "#evals";
import { mosaic, mosaicChoices, renderSvg } from "#formats";
import { loadDualEncoder, writeThreshold } from "#models";
import { scout } from "../../src/recipes/scout.ts";

const scenes = sampleScenes({ count: 8, seed: 11, split: "test" });
const png = { format: "png" } as const;
const home = mkdtempSync(join(tmpdir(), "assay-retrieval-"));
afterAll(() => rmSync(home, { recursive: true }));

/** Too little for a good scout, enough for one that answers. */
const trained = join(home, "scout");
let drawings: Uint8Array[] = [];
let pictures: ImagePart[] = [];
beforeAll(async () => {
  await scout.train({ output: trained, checkpoints: join(home, "steps"), steps: 2, limit: 64, threads: 1 });
  drawings = await Promise.all(scenes.map((scene) => renderSvg(drawScene(scene), 128)));
  const stitched = [drawings.slice(0, 4), drawings.slice(4)].map((cells) =>
    mosaic(cells, mosaicChoices(2, { cellSize: 128, encoder: png })),
  );
  pictures = (await Promise.all(stitched)).map((bytes, at) => ({
    type: "image",
    mediaType: "image/png",
    key: `m${at}`,
    load: async () => bytes,
  }));
}, 120_000);

const asked = (captions: readonly string[]): Question => {
  const listed = captions.map((caption, at) => `\nCaption_${at + 1}: ${caption}`).join("");
  const text = `Given 2 images indexed from 1 to 2, each divided into 2*2 subimages, identify …${listed}`;
  return { parts: [...pictures, { type: "text", text }], sampling: {} };
};

/** A copy of the scout that answers -1 below another cosine. */
function scoutWith(threshold: number): string {
  const folder = join(home, `at${threshold}`);
  cpSync(trained, folder, { recursive: true });
  writeThreshold(folder, threshold);
  return folder;
}

test("resolveSubject() of a CLIP answers the nearest cell of all pictures to each caption, as a retrieval baseline", async () => {
  const folder = scoutWith(-1);
  const subject = await resolveSubject(folder);
  const model = await loadDualEncoder(folder);
  const captions = scenes.map(captionOf);

  const answer = await subject.ask(asked(captions), {});

  const cells = (await model.embedPictures(drawings)).data as Float32Array;
  const texts = (await model.embedTexts(captions)).data as Float32Array;
  const expected = captions.map((_, row) => {
    const cosines = scenes.map((_, cell) =>
      Array.from({ length: 64 }, (_, at) => texts[row * 64 + at]! * cells[cell * 64 + at]!).reduce(
        (sum, one) => sum + one,
        0,
      ),
    );
    const best = cosines.indexOf(Math.max(...cosines));
    return `${1 + Math.floor(best / 4)}, ${1 + Math.floor((best % 4) / 2)}, ${1 + (best % 2)}`;
  });
  expect(subject).toMatchObject({ kind: "retrieval", name: folder });
  expect(answer.text).toBe(expected.join("; "));
  expect(answer).toMatchObject({ finishReason: "stop", raw: { retrieval: true } });
});

test("a retrieval baseline answers -1 below its threshold, and its threshold is part of what it is", async () => {
  const [strict, lax] = [await resolveSubject(scoutWith(1)), await resolveSubject(scoutWith(0.5))];

  const answers = await Promise.all([
    strict.ask(asked(["One red star.", "Two hearts."]), {}),
    strict.ask(asked(["x"]), {}),
  ]);

  expect(answers.map(({ text }) => text)).toEqual(["-1; -1", "-1"]);
  expect(strict.identity).not.toEqual(lax.identity);
});

test("a retrieval baseline answers no other question, and goes on with the next", async () => {
  const subject = await resolveSubject(trained);

  const refused = subject.ask({ parts: [{ type: "text", text: "Who are you?" }], sampling: {} }, {});

  await expect(refused).rejects.toMatchObject({ code: "SUBJECT_RETRIEVES" });
  await expect(subject.ask(asked(["One red star."]), {})).resolves.toMatchObject({ finishReason: "stop" });
});

test("a folder without a threshold says below which cosine it answers -1", async () => {
  const folder = scoutWith(0);
  rmSync(join(folder, "retrieval.json"));
  const notices: string[] = [];

  await resolveSubject(folder, { onNotice: (notice) => notices.push(notice) });

  expect(notices).toEqual([expect.stringContaining("below a cosine of 0.25 it answers -1")]);
});
