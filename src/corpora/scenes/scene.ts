import { sha256 } from "#base";
import { type backgrounds, type colors, countWords, type patterns, type radii, type relations } from "./attributes.ts";
import type { shapes } from "./shapes.ts";

/** Things of one kind: all that a caption says of them, and nothing else. */
export interface SceneGroup {
  /** 1 to 5. */
  readonly count: number;
  readonly size: keyof typeof radii;
  readonly pattern: (typeof patterns)[number];
  readonly color: keyof typeof colors;
  readonly shape: keyof typeof shapes;
}

/** Where the first group of a scene is, seen from the second. */
export type SceneRelation = (typeof relations)[number];

/** A picture as its caption tells it: one group of things, or two and how they lie. */
export interface Scene {
  readonly background: keyof typeof backgrounds;
  readonly first: SceneGroup;
  readonly second: { readonly relation: SceneRelation; readonly group: SceneGroup } | null;
}

/**
 * The sentence that describes a scene and no other one.
 *
 * @example "Three small striped red stars above one large solid blue square on a white background."
 */
export function captionOf({ first, second, background }: Scene): string {
  const rest = second === null ? "" : ` ${second.relation} ${groupWords(second.group)}`;
  const sentence = `${groupWords(first)}${rest} on a ${background} background.`;
  return sentence[0]!.toUpperCase() + sentence.slice(1);
}

function groupWords({ count, size, pattern, color, shape }: SceneGroup): string {
  const plural = count === 1 ? "" : shape.endsWith("s") ? "es" : "s";
  const sizeWord = size === "medium" ? "" : `${size} `;
  return `${countWords[count - 1]} ${sizeWord}${pattern} ${color} ${shape}${plural}`;
}

/** A name like that of a picture file for each scene, made of what it shows: it is the same in every sample. */
export function sceneNames(scenes: readonly Scene[]): string[] {
  return scenes.map((scene) => `scene-${sha256(captionOf(scene)).slice(0, 16)}.svg`);
}
