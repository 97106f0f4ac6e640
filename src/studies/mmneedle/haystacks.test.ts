import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { buildHaystacks, type HaystackOptions, type Haystacks } from "./haystacks.ts";
import { cellsOf, sampleMosaics } from "./mosaics.ts";
import { buildPaperIndex, countIndex } from "./paper-index.ts";

const pictures = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${String(at).padStart(5, "0")}.jpg`);

const small: HaystackOptions = {
  sources: pictures(60),
  pictures: 3,
  side: 2,
  needles: 2,
  positives: 20,
  negatives: 20,
};

/** The file name in the cell that a place names. */
function lookUp(
  { mosaics }: Haystacks,
  shown: readonly number[],
  place: { picture: number; row: number; column: number },
) {
  const cells = cellsOf(mosaics, shown[place.picture - 1]!);
  return mosaics.sources[cells[(place.row - 1) * mosaics.side + place.column - 1]!];
}

const namesShown = ({ mosaics }: Haystacks, shown: readonly number[]): string[] =>
  shown.flatMap((mosaic) => [...cellsOf(mosaics, mosaic)].map((source) => mosaics.sources[source]!));

interface DrawnByScript {
  readonly pictures: number;
  readonly side: number;
  readonly needles: number;
  readonly mosaics: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly annotations: readonly {
    image_ids: string[];
    index: Many;
    row: Many;
    col: Many;
    target: string | string[];
  }[];
}

type Many = number | number[];

const golden: { cases: DrawnByScript[] } = JSON.parse(
  readFileSync(new URL("../../../test/golden/studies/mmneedle-haystacks.golden.json", import.meta.url), "utf8"),
);

test.each(golden.cases)(
  "buildHaystacks() draws what the official scripts draw for M = $pictures, N = $side, K = $needles",
  (drawn) => {
    const { side, needles, annotations } = drawn;
    const sources = Array.from({ length: 80 }, (_, at) => `val2014/${String(at).padStart(3, "0")}.jpg`);

    const ours = buildHaystacks({ sources, pictures: drawn.pictures, side, needles, positives: 10, negatives: 10 });

    const theirCells = Object.values(drawn.mosaics).flatMap((mosaic) => Object.values(mosaic));
    expect([...ours.mosaics.cells].map((source) => sources[source])).toEqual(theirCells);
    expect([...ours].map(({ mosaics }) => mosaics)).toEqual(
      annotations.map(({ image_ids }) => image_ids.map((path) => Number(/(\d+)\.jpg$/.exec(path)![1]))),
    );
    expect([...ours].map(({ targets }) => targets)).toEqual(annotations.map(({ target }) => [target].flat()));
    expect([...ours].map(({ places }) => places.map((place) => place ?? { picture: 0, row: 0, column: 0 }))).toEqual(
      annotations.map(({ index, row, col }) =>
        [index]
          .flat()
          .map((picture, at) => ({ picture: picture + 1, row: [row].flat()[at]! + 1, column: [col].flat()[at]! + 1 })),
      ),
    );
  },
);

test("buildHaystacks() puts every present needle where its place says", () => {
  const haystacks = buildHaystacks(small);

  for (const { places, targets, mosaics, split } of [...haystacks].slice(0, 20)) {
    expect(split).toBe("positive");
    expect(places.map((place) => lookUp(haystacks, mosaics, place!))).toEqual(targets);
    expect(places[0]).not.toEqual(places[1]);
  }
});

test("buildHaystacks() asks for absent needles that are in none of the cells, each once", () => {
  const haystacks = buildHaystacks(small);

  for (const { targets, mosaics, truth, split } of [...haystacks].slice(20)) {
    expect([split, truth]).toEqual(["negative", "0, 0, 0; 0, 0, 0"]);
    expect(new Set(targets).size).toBe(2);
    expect(namesShown(haystacks, mosaics)).not.toEqual(expect.arrayContaining([targets[0]]));
    expect(namesShown(haystacks, mosaics)).not.toEqual(expect.arrayContaining([targets[1]]));
  }
});

test("buildHaystacks() mixes present and absent needles when asked to, at least one of each", () => {
  const haystacks = buildHaystacks({ ...small, needles: 3, positives: 0, negatives: 0, mixed: 30 });

  for (const { places, targets, mosaics, split } of haystacks) {
    const shown = namesShown(haystacks, mosaics);
    const present = places.filter((place) => place !== null);
    expect(split).toBe("mixed");
    expect([1, 2]).toContain(present.length);
    for (const [at, place] of places.entries()) {
      if (place) expect(lookUp(haystacks, mosaics, place)).toBe(targets[at]);
      else expect(shown).not.toContain(targets[at]);
    }
  }
});

test("buildHaystacks() does not depend on the order in which the disk lists the pictures", () => {
  const forwards = buildHaystacks(small);
  const backwards = buildHaystacks({ ...small, sources: small.sources.toReversed() });

  expect([...backwards]).toEqual([...forwards]);
  expect([...buildHaystacks({ ...small, seed: 1 })]).not.toEqual([...forwards]);
});

test("buildHaystacks() shows each mosaic once when M is 1, and different ones otherwise", () => {
  const one = buildHaystacks({ ...small, pictures: 1 });
  const three = buildHaystacks(small);

  expect([...one].map(({ mosaics }) => mosaics)).toEqual(Array.from({ length: 40 }, (_, id) => [id]));
  for (const { mosaics } of three) expect(new Set(mosaics).size).toBe(3);
});

test("buildHaystacks() repeats a cell in the paper's M = 1, N = 2, K = 5 and refuses any other crowd", () => {
  const crowded = buildHaystacks({ ...small, pictures: 1, needles: 5 });

  const places = crowded.at(0).places.map((place) => JSON.stringify(place));
  expect(new Set(places.slice(0, 4)).size).toBe(4);
  expect(places.slice(0, 4)).toContain(places[4]);
  expect(() => buildHaystacks({ ...small, pictures: 1, needles: 6 })).toThrow(
    "Expected at most 4 needles in 1 × 2*2 cells",
  );
  expect(() => buildHaystacks({ ...small, pictures: 2, side: 1, needles: 5 })).toThrow("got 5");
});

test("buildHaystacks() with the duplicate guard asks for no caption that fits two pictures", () => {
  const caption = (source: string): string => ` Picture ${Number.parseInt(source, 10) % 30}`;
  const guarded = buildHaystacks({ ...small, uniqueCaptions: caption });
  const fitting = (haystacks: Haystacks) =>
    [...haystacks].flatMap(({ targets, mosaics }) =>
      targets.map(
        (target) => namesShown(haystacks, mosaics).filter((name) => caption(name) === caption(target)).length,
      ),
    );

  expect(fitting(guarded).slice(0, 40)).toEqual(Array(40).fill(1));
  expect(fitting(guarded).slice(40)).toEqual(Array(40).fill(0));
  expect(fitting(buildHaystacks(small))).not.toEqual(fitting(guarded));
  expect(guarded.redrawn).toBeGreaterThan(0);
});

test("buildHaystacks() with the duplicate guard draws as without it while every caption is unique", () => {
  const sources = pictures(60);
  const lone: HaystackOptions = { ...small, sources, pictures: 1 };

  const guarded = buildHaystacks({ ...lone, uniqueCaptions: (source) => source });

  expect([...guarded]).toEqual([...buildHaystacks(lone)]);
  expect(guarded.redrawn).toBe(0);
});

test("buildHaystacks() says so when the guard leaves no needle", () => {
  expect(() => buildHaystacks({ ...small, uniqueCaptions: () => "A cat." })).toThrow(
    "Expected a needle whose caption is unique",
  );
});

test("buildHaystacks() draws enough mosaics for one sample, however few samples there are", () => {
  for (const side of [1, 2]) {
    const [first] = buildHaystacks({ ...small, pictures: 10, side, positives: 1, negatives: 1 });

    expect(new Set(first!.mosaics).size).toBe(10);
  }
});

test("buildHaystacks() says what is missing", () => {
  expect(() => buildHaystacks({ ...small, sources: pictures(3) })).toThrow("Expected at least 4 source pictures");
  expect(() => buildHaystacks({ ...small, sources: pictures(4), pictures: 1, needles: 1 })).toThrow(
    "outside the haystack",
  );
  expect(() => buildHaystacks({ ...small, pictures: 1, mosaics: 5 })).toThrow("Expected at least 40 mosaics");
  expect(() => buildHaystacks({ ...small, needles: 1, mixed: 1 })).toThrow("at least 2 needles");
});

test("sampleMosaics() fills each mosaic with different pictures, and with N = 1 uses none twice", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(1000), (side, seed) => {
      const index = sampleMosaics({ sources: pictures(40), side, count: 20, seed });
      for (let mosaic = 0; mosaic < 20; mosaic++) expect(new Set(cellsOf(index, mosaic)).size).toBe(side * side);
      if (side === 1) expect(new Set(index.cells).size).toBe(20);
    }),
  );
});

test("buildPaperIndex() holds 40,000 mosaics, 560,000 captions and 280,000 positive pairs in 21 configurations", () => {
  const index = buildPaperIndex(pictures(40_504));

  expect(countIndex(index)).toEqual({
    mosaics: 40_000,
    configurations: 21,
    samples: 210_000,
    captions: 560_000,
    positivePairs: 280_000,
  });
}, 240_000);
