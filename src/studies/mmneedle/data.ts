import type { Collection } from "./collection.ts";
import { nameOf } from "./configurations.ts";
import type { Haystacks } from "./haystacks.ts";
import type { Settings } from "./settings.ts";
import { openFolder } from "./source-folder.ts";
import { openOfficial } from "./source-official.ts";
import { openScenes } from "./source-scenes.ts";

const sources = {
  folder: openFolder,
  official: openOfficial,
  scenes: openScenes,
} satisfies Record<Settings["source"], (settings: Settings, seed: number) => Collection | Promise<Collection>>;

/**
 * Opens the pictures and captions that the settings name, and reads no pixel. Each configuration is built once.
 *
 * @throws UsageError and AssayError of the source: what is missing, where it was looked for
 */
export async function openCollection(settings: Settings, seed: number): Promise<Collection> {
  const collection = await sources[settings.source](settings, seed);
  const built = new Map<string, Haystacks>();
  return {
    ...collection,
    haystacks: (configuration) => {
      const name = nameOf(configuration);
      const haystacks = built.get(name) ?? collection.haystacks(configuration);
      built.set(name, haystacks);
      return haystacks;
    },
  };
}
