import { AssayError, hashOf, type RandomStream, stream } from "#base";
import { backgrounds, colors, patterns, relations } from "./attributes.ts";
import { captionOf, type Scene, type SceneGroup } from "./scene.ts";
import { containers, shapes } from "./shapes.ts";

/** What a model may be trained on, and what it is tested on. */
export type SceneSplit = "train" | "test";

/** Which scenes to draw. */
export interface SampleScenesOptions {
  readonly count: number;
  readonly seed: number;
  readonly split: SceneSplit;
}

/** As many scenes as can be asked for at once; MMNeedle has 40,504 photos. */
const largestCount = 1_000_000;

/**
 * Distinct scenes, no two with one caption or with pictures that one caption would describe; the first 100 of 1,000 are
 * the 100. A combination of colour, shape and pattern belongs to one split alone.
 *
 * @throws AssayError SCENE_COUNT
 */
export function sampleScenes({ count, seed, split }: SampleScenesOptions): Scene[] {
  if (!Number.isSafeInteger(count) || count < 0 || count > largestCount) {
    throw new AssayError("SCENE_COUNT", `sampleScenes: Expected a count of 0 to ${largestCount}, got ${count}`);
  }
  const random = stream(seed, `corpora/scenes/${split}`);
  const kinds = kindsOf(split);
  const found = new Map<string, Scene>();
  while (found.size < count) {
    const scene = tryScene(random, kinds);
    if (scene !== undefined) found.set(captionOf(scene), scene);
  }
  return [...found.values()];
}

type Kind = Pick<SceneGroup, "color" | "shape" | "pattern">;

/** A quarter of the combinations is held out for the test. */
export function splitOf({ color, shape, pattern }: Kind): SceneSplit {
  return Number.parseInt(hashOf({ color, shape, pattern })[0]!, 16) < 4 ? "test" : "train";
}

function kindsOf(split: SceneSplit): Kind[] {
  const all = keysOf(colors).flatMap((color) =>
    keysOf(shapes).flatMap((shape) => patterns.map((pattern) => ({ color, shape, pattern }))),
  );
  return all.filter((kind) => splitOf(kind) === split);
}

/** One try; undefined when its two groups have too much in common, or when the same picture has another wording. */
function tryScene(random: RandomStream, kinds: readonly Kind[]): Scene | undefined {
  const background = random.pick(keysOf(backgrounds));
  const relation = random.pick([null, ...relations]);
  const [size, otherSize] = relation === "inside" ? (["small", "huge"] as const) : random.pick(sizePairs);
  const first = { ...random.pick(kinds), count: 1 + random.int(5), size };
  if (relation === null) return { background, first: { ...first, size: "medium" }, second: null };
  const group =
    relation === "inside"
      ? { ...random.pick(kinds.filter(isContainer)), count: 1, size: otherSize }
      : { ...random.pick(kinds), count: 1 + random.int(5), size: otherSize };
  if (first.color === group.color || first.shape === group.shape) return undefined;
  return relation === "inside" || inOrder(first, group)
    ? { background, first, second: { relation, group } }
    : undefined;
}

/** A size is named only where there is another one to compare it with. */
const sizePairs = [
  ["medium", "medium"],
  ["small", "large"],
  ["large", "small"],
] as const;

/** What surrounds others is an outline that leaves room. */
const isContainer = ({ shape, pattern }: Kind): boolean =>
  pattern === "outlined" && (containers as readonly string[]).includes(shape);

/** "A left of B" and "B right of A" are one picture: only the order of the alphabet is drawn. */
const inOrder = (one: SceneGroup, other: SceneGroup): boolean => one.color < other.color;

const keysOf = <Key extends string>(table: Readonly<Record<Key, unknown>>): Key[] => Object.keys(table) as Key[];
