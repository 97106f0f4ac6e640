import sharp from "sharp";
import { expect, test } from "vitest";
import { renderSvg } from "#formats";
import { backgrounds, colors, countWords, edgeColor, patterns } from "./attributes.ts";
import { drawScene, paint } from "./draw.ts";
import { canvas, type Layout, layoutOf } from "./layout.ts";
import { sampleScenes } from "./sample.ts";
import { captionOf, type Scene, type SceneGroup, sceneNames } from "./scene.ts";
import { shapes } from "./shapes.ts";

const groupsOf = ({ first, second }: Scene): SceneGroup[] => (second === null ? [first] : [first, second.group]);
const kindOf = ({ color, shape, pattern }: SceneGroup): string => `${pattern} ${color} ${shape}`;
const train = sampleScenes({ count: 3000, seed: 0, split: "train" });
const held = sampleScenes({ count: 3000, seed: 0, split: "test" });

test.each(["train", "test"] as const)(
  "sampleScenes() has 45,000 %s scenes, each with a caption of its own",
  (split) => {
    const scenes = sampleScenes({ count: 45_000, seed: 3, split });

    expect(new Set(scenes.map(captionOf)).size).toBe(45_000);
    expect(new Set(sceneNames(scenes)).size).toBe(45_000);
  },
);

test("sampleScenes() is the same for the same seed, another for another, and begins the same whatever the count", () => {
  expect(sampleScenes({ count: 100, seed: 0, split: "train" })).toEqual(train.slice(0, 100));
  expect(sampleScenes({ count: 100, seed: 1, split: "train" })).not.toEqual(train.slice(0, 100));
});

test("sampleScenes() tests on no combination of colour, shape and pattern that it trains on, and on every single one", () => {
  const [seen, unseen] = [train, held].map((scenes) => scenes.flatMap(groupsOf));

  const trained = new Set(seen!.map(kindOf));
  expect(unseen!.filter((group) => trained.has(kindOf(group)))).toEqual([]);
  for (const groups of [seen!, unseen!]) {
    expect(new Set(groups.map(({ color }) => color))).toEqual(new Set(Object.keys(colors)));
    expect(new Set(groups.map(({ shape }) => shape))).toEqual(new Set(Object.keys(shapes)));
    expect(new Set(groups.map(({ pattern }) => pattern))).toEqual(new Set(patterns));
  }
});

test("sampleScenes() never words one picture in two ways", () => {
  const mirror = { "left of": "right of", "right of": "left of", above: "below", below: "above", inside: "around" };
  const captions = new Set(train.map(captionOf));
  const mirrored = train.flatMap(({ background, first, second }) =>
    second === null
      ? []
      : [{ background, first: second.group, second: { relation: mirror[second.relation], group: first } } as Scene],
  );

  expect(mirrored.filter((scene) => captions.has(captionOf(scene)))).toEqual([]);
});

test("sampleScenes() names sizes only where two can be compared", () => {
  for (const scene of train) {
    const sizes = groupsOf(scene).map(({ size }) => size);
    expect(sizes.every((size) => size === "medium") || new Set(sizes).size === 2).toBe(true);
  }
});

test("sampleScenes() asks for a count that it can give", () => {
  expect(() => sampleScenes({ count: -1, seed: 0, split: "test" })).toThrow("Expected a count of 0 to 1000000, got -1");
});

/** The scene that a caption describes: only a caption that says all, and all of it one way, can be read back. */
function sceneOf(caption: string): Scene {
  const [, text, background] = /^(.*) on a (.+) background\.$/.exec(caption.toLowerCase())!;
  const [first, relation, group] = text!.split(/ (left of|right of|above|below|inside) /);
  const second = relation === undefined ? null : { relation, group: groupOf(group!) };
  return { background, first: groupOf(first!), second } as Scene;
}

function groupOf(words: string): SceneGroup {
  const form = /^(\w+) (?:(small|large|huge) )?(solid|striped|dotted|outlined) (.+) (\w+)$/;
  const [, count, size = "medium", pattern, color, shape] = form.exec(words)!;
  const name = Object.keys(shapes).find((one) => [one, `${one}s`, `${one}es`].includes(shape!));
  return { count: countWords.indexOf(count as "one") + 1, size, pattern, color, shape: name } as SceneGroup;
}

test("captionOf() says all of a scene: the scene can be read back from it", () => {
  expect(train.map(captionOf).map(sceneOf)).toEqual(train);
});

test("captionOf() is an English sentence", () => {
  const star = { count: 3, size: "small", pattern: "striped", color: "red", shape: "star" } as const;
  const cross = { count: 2, size: "large", pattern: "solid", color: "light blue", shape: "cross" } as const;

  expect(captionOf({ background: "white", first: star, second: { relation: "above", group: cross } })).toBe(
    "Three small striped red stars above two large solid light blue crosses on a white background.",
  );
});

test("layoutOf() keeps every thing inside the canvas and apart from the others of its picture", () => {
  for (const scene of [...train, ...held]) {
    const { first, second } = layoutOf(scene);
    const apart = scene.second?.relation === "inside" ? first : [...first, ...second];
    expect([first.length, second.length]).toEqual([scene.first.count, scene.second?.group.count ?? 0]);
    for (const { x, y, radius } of [...first, ...second]) {
      expect(Math.min(x - radius, y - radius, canvas - x - radius, canvas - y - radius)).toBeGreaterThanOrEqual(2);
    }
    for (const [at, one] of apart.entries()) {
      for (const other of apart.slice(at + 1)) {
        expect(Math.hypot(one.x - other.x, one.y - other.y) - one.radius - other.radius).toBeGreaterThanOrEqual(1);
      }
    }
  }
});

test("layoutOf() puts the groups where the caption says", () => {
  const reach = (places: Layout["first"], axis: "x" | "y") => {
    const ends = places.map((place) => [place[axis] - place.radius, place[axis] + place.radius] as const);
    return { low: Math.min(...ends.map(([low]) => low)), high: Math.max(...ends.map(([, high]) => high)) };
  };
  const holds = {
    "left of": ({ first, second }: Layout) => reach(first, "x").high < reach(second, "x").low,
    "right of": ({ first, second }: Layout) => reach(first, "x").low > reach(second, "x").high,
    above: ({ first, second }: Layout) => reach(first, "y").high < reach(second, "y").low,
    below: ({ first, second }: Layout) => reach(first, "y").low > reach(second, "y").high,
    // The largest circle inside a regular hexagon has √3 / 2 of its radius, inside our square 0.7.
    inside: ({ first, second: [container] }: Layout) =>
      first.every(
        ({ x, y, radius }) =>
          Math.max(Math.abs(x - container!.x), Math.abs(y - container!.y)) + radius < 0.63 * container!.radius,
      ),
  };

  const wrong = train.filter((scene) => scene.second !== null && !holds[scene.second.relation](layoutOf(scene)));

  expect(wrong).toEqual([]);
});

const pixelsOf = async (svg: string, edge = 128): Promise<Buffer> =>
  sharp(await renderSvg(svg, edge))
    .raw()
    .toBuffer();

/** Pixels that differ in some channel by more than an eye would miss. */
function differing(one: Buffer, other: Buffer): number {
  let count = 0;
  for (let at = 0; at < one.length; at += 3) {
    count += [0, 1, 2].some((channel) => Math.abs(one[at + channel]! - other[at + channel]!) > 32) ? 1 : 0;
  }
  return count;
}

test("drawScene() draws a scene the same way every time", () => {
  expect(train.slice(0, 50).map(drawScene)).toEqual(structuredClone(train.slice(0, 50)).map(drawScene));
});

const stars: SceneGroup = { count: 2, size: "small", pattern: "striped", color: "red", shape: "star" };
const sky: Scene = { background: "white", first: stars, second: null };
const withGroups = (changes: readonly object[]): Scene[] =>
  changes.map((change) => ({ ...sky, first: { ...stars, ...change } }));

test.each<[string, Scene[]]>([
  ["colour", withGroups(Object.keys(colors).map((color) => ({ color })))],
  ["shape", withGroups(Object.keys(shapes).map((shape) => ({ shape })))],
  ...Object.keys(shapes).map((shape): [string, Scene[]] => [
    `pattern of a ${shape}`,
    withGroups(patterns.map((pattern) => ({ pattern, shape }))),
  ]),
])("paint() shows the %s, even of two small things at the same places", async (_, scenes) => {
  const layout = layoutOf(sky);

  const pictures = await Promise.all(scenes.map((scene) => pixelsOf(paint(scene, layout))));

  for (const [at, one] of pictures.entries()) {
    for (const other of pictures.slice(at + 1)) expect(differing(one, other)).toBeGreaterThan(50); // of some 300
  }
});

test("drawScene() shows count, size and relation", async () => {
  const group: SceneGroup = { count: 1, size: "medium", pattern: "solid", color: "blue", shape: "square" };
  const relations = ["left of", "right of", "above", "below"] as const;
  const scenes = [
    ...[1, 2, 3, 4, 5].flatMap((count) =>
      (["small", "medium", "large"] as const).map((size) => ({ ...sky, first: { ...stars, count, size } })),
    ),
    ...relations.map((relation) => ({ ...sky, second: { relation, group } })),
  ];

  const pictures = await Promise.all(scenes.map((scene) => pixelsOf(drawScene(scene))));

  for (const [at, one] of pictures.entries()) {
    for (const other of pictures.slice(at + 1)) expect(differing(one, other)).toBeGreaterThan(50);
  }
});

test("paint() shows the background", async () => {
  const pictures = await Promise.all(
    (Object.keys(backgrounds) as Scene["background"][]).map((background) =>
      pixelsOf(drawScene({ ...sky, background })),
    ),
  );

  for (const [at, one] of pictures.entries()) {
    for (const other of pictures.slice(at + 1)) expect(meanDifference(one, other)).toBeGreaterThan(6);
  }
});

const meanDifference = (one: Buffer, other: Buffer): number =>
  one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0) / one.length;

test("drawScene() paints nothing of any shape outside the circle that keeps things apart", async () => {
  for (const shape of Object.keys(shapes) as SceneGroup["shape"][]) {
    for (const pattern of patterns) {
      const group: SceneGroup = { count: 1, size: "huge", pattern, color: "black", shape };
      const place = { x: 50, y: 50, radius: 44 };
      const pixels = await pixelsOf(
        paint({ background: "white", first: group, second: null }, { first: [place], second: [] }),
        200,
      );
      const outside = Array.from({ length: 200 * 200 }, (_, at) => at).filter(
        (at) => pixels[at * 3]! < 128 && Math.hypot((at % 200) + 0.5 - 100, Math.floor(at / 200) + 0.5 - 100) > 88.5,
      );
      expect(outside, `${pattern} ${shape}`).toEqual([]);
    }
  }
});

/** Source: WCAG 2.2, relative luminance and contrast ratio. */
const linear = (color: string): number[] =>
  [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
const luminance = (color: string): number =>
  linear(color).reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at]!, 0);

test.each(Object.entries(backgrounds))("the edge of every thing stands out on %s", (_, background) => {
  expect((luminance(background) + 0.05) / (luminance(edgeColor) + 0.05)).toBeGreaterThan(3);
});

/** Source: Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB. */
const sight = {
  ordinary: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

/** CIE 1976 L*a*b*, D65. */
function labOf(color: string, matrix: readonly (readonly number[])[]): number[] {
  const [r, g, b] = matrix.map((row) => row.reduce((sum, weight, at) => sum + weight * linear(color)[at]!, 0));
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124 * r! + 0.3576 * g! + 0.1805 * b!) / 0.9505);
  const y = f(0.2126 * r! + 0.7152 * g! + 0.0722 * b!);
  const z = f((0.0193 * r! + 0.1192 * g! + 0.9505 * b!) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test.each(Object.entries(sight))("the colours differ by at least 15 in CIE Lab under %s sight", (_, matrix) => {
  const labs = Object.entries(colors).map(([name, color]) => ({ name, lab: labOf(color, matrix) }));
  const pairs = labs.flatMap((one, at) =>
    labs.slice(at + 1).map((other) => ({
      pair: `${one.name}, ${other.name}`,
      distance: Math.hypot(...one.lab.map((value, axis) => value - other.lab[axis]!)),
    })),
  );

  expect(pairs.filter(({ distance }) => distance < 15)).toEqual([]);
});
