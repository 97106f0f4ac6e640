import { backgrounds, colors, countWords, patterns, radii, relations } from "./attributes.ts";
import type { Scene, SceneGroup } from "./scene.ts";
import { shapes } from "./shapes.ts";

/** What a group is described by, each with its values. */
const ofGroup = {
  count: countWords.map((_, at) => at + 1),
  size: Object.keys(radii),
  pattern: patterns,
  color: Object.keys(colors),
  shape: Object.keys(shapes),
} as const satisfies Record<keyof SceneGroup, readonly unknown[]>;

const groupKeys = Object.keys(ofGroup) as (keyof SceneGroup)[];

/** How many values each attribute of a scene may have, in the order of sceneAttributes(); a second group may be missing. */
export const sceneAttributeSizes: readonly number[] = [
  Object.keys(backgrounds).length,
  relations.length + 1,
  ...groupKeys.map((key) => ofGroup[key].length),
  ...groupKeys.map((key) => ofGroup[key].length + 1),
];

/** A scene as numbers, each below its entry of `sceneAttributeSizes`: background, relation, the first group, the second. */
export function sceneAttributes({ background, first, second }: Scene): number[] {
  return [
    Object.keys(backgrounds).indexOf(background),
    second === null ? relations.length : relations.indexOf(second.relation),
    ...groupKeys.map((key) => placeOf(first, key)),
    ...groupKeys.map((key) => (second === null ? ofGroup[key].length : placeOf(second.group, key))),
  ];
}

const placeOf = (group: SceneGroup, key: keyof SceneGroup): number =>
  (ofGroup[key] as readonly unknown[]).indexOf(group[key]);
