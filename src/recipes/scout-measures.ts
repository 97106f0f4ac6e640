/** What a scout is worth on scenes that it has never seen. */
import type { Tensor } from "#base";
import type { DualEncoder } from "#models";
import type { DrawnScene } from "./scout-scenes.ts";

/** Cosines of each caption with each scene. [texts, pictures], row-major */
async function cosines(model: DualEncoder, scenes: readonly DrawnScene[]): Promise<Float64Array> {
  const pictures = await model.embedPictures(scenes.map(({ pixels }) => pixels));
  const texts = await model.embedTexts(scenes.map(({ caption }) => caption));
  const found = new Float64Array(scenes.length ** 2);
  for (let at = 0; at < found.length; at++) {
    found[at] = dot({ a: texts, row: Math.floor(at / scenes.length) }, { a: pictures, row: at % scenes.length });
  }
  return found;
}

interface Row {
  readonly a: Tensor;
  readonly row: number;
}

function dot(one: Row, other: Row): number {
  const size = one.a.shape[1]!;
  let sum = 0;
  for (let at = 0; at < size; at++)
    sum += Number(one.a.data[one.row * size + at]) * Number(other.a.data[other.row * size + at]);
  return sum;
}

/** The share of captions whose own scene is the nearest of all, and the mean place of their own scene from 1. */
export async function recallAmong(model: DualEncoder, scenes: readonly DrawnScene[]) {
  const found = await cosines(model, scenes);
  const places = scenes.map((_, row) => {
    const line = found.subarray(row * scenes.length, (row + 1) * scenes.length);
    return 1 + line.filter((value) => value > line[row]!).length;
  });
  const share = places.filter((place) => place === 1).length / places.length;
  return { recall: share, meanPlace: places.reduce((sum, place) => sum + place, 0) / places.length };
}

/** Scenes that a caption is looked for among, when the threshold is chosen. */
const haystack = 32;

/**
 * The cosine that parts captions whose scene is there from captions whose scene is not, where it parts them best: half of
 * the haystacks hold the scene.
 */
export async function bestThreshold(model: DualEncoder, scenes: readonly DrawnScene[]) {
  const found = await cosines(model, scenes);
  const best = (row: number, isPresent: boolean): number => {
    const start = Math.floor(row / haystack) * haystack;
    const members = Array.from({ length: haystack }, (_, at) => (start + at) % scenes.length);
    const allowed = members.filter((member) => isPresent || member !== row);
    return Math.max(...allowed.map((member) => found[row * scenes.length + member]!));
  };
  const cases = scenes.flatMap((_, row) => [
    { isPresent: true, value: best(row, true) },
    { isPresent: false, value: best(row, false) },
  ]);
  const accuracyAt = (threshold: number) =>
    cases.filter(({ isPresent, value }) => value >= threshold === isPresent).length / cases.length;
  const candidates = cases.map(({ value }) => value).sort((a, b) => a - b);
  const threshold = candidates.reduce((kept, next) => (accuracyAt(next) > accuracyAt(kept) ? next : kept));
  return { threshold: Number(threshold.toFixed(4)), accuracy: accuracyAt(threshold) };
}
