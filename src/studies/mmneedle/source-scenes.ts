import { hashOf } from "#base";
import { captionOf, drawScene, type Scene, sampleScenes, sceneNames } from "#corpora";
import { renderSvg } from "#formats";
import type { Collection } from "./collection.ts";
import { captionsHash } from "./comparability.ts";
import { samplesOf } from "./configurations.ts";
import { buildHaystacks } from "./haystacks.ts";
import type { Settings } from "./settings.ts";

/**
 * Pictures that the lab draws itself, each with a caption that no other one has: offline, and of a split that nothing
 * was ever trained on.
 *
 * Deviation: the paper shows photos of MS COCO; a picture drawn from shapes is easier to name and harder to confuse.
 */
export function openScenes(settings: Settings, seed: number): Collection {
  const sampled = sampleScenes({ count: settings.scenes, seed, split: "test" });
  const names = sceneNames(sampled);
  const scenes = new Map(sampled.map((scene, at) => [names[at]!, scene]));
  const sources = [...scenes.keys()];
  const sceneOf = (source: string): Scene => scenes.get(source)!;
  const drawn = new Map<string, Promise<Uint8Array>>();
  const draw = (source: string) => renderSvg(drawScene(sceneOf(source)), settings.cell);
  return {
    identity: { scenes: hashOf([...scenes.values()]) },
    captions: captionsHash(sources.map((source) => [source, captionOf(sceneOf(source))])),
    haystacks: (configuration) => {
      const { positive, negative, mixed } = samplesOf(configuration, { settings });
      return buildHaystacks({ sources, ...configuration, positives: positive, negatives: negative, mixed, seed });
    },
    captionOf: (source) => captionOf(sceneOf(source)),
    contentOf: (source) => hashOf(sceneOf(source)),
    photoOf: (source) => {
      // A scene lies in many mosaics; as PNG it takes a few kilobytes.
      if (!drawn.has(source)) drawn.set(source, draw(source));
      return drawn.get(source)!;
    },
    requirePhotos: () => {},
  };
}
