import { join } from "node:path";
import { hashOf, sha256, type Tensor } from "#base";
import { leavesOf } from "#engine";
import { hashFile, listFolder } from "#formats";
import type { VisionModel } from "./vision-model.ts";

const known = new WeakMap<VisionModel, string>();

/**
 * What decides everything that a vision model computes: its weights, configuration and picture settings by content, wherever
 * its folder lies and whatever it is called.
 */
export function visionHash(model: VisionModel): string {
  const hash = known.get(model) ?? contentHash(model);
  known.set(model, hash);
  return hash;
}

function contentHash({ folder, weights, config, pictures }: VisionModel): string {
  if (folder === undefined) {
    const leaves = [...leavesOf<Tensor>(weights)].map(([path, { shape, data }]) => [
      path,
      shape,
      sha256(bytesOf(data)),
    ]);
    return hashOf({ leaves, config, pictures } as never);
  }
  const files = listFolder(folder, { followLinks: true }).filter(
    ({ name }) => /\.(safetensors|bin)$/.test(name) || /^(preprocessor_)?config\.json$/.test(name),
  );
  return hashOf(files.map(({ name }) => [name, hashFile(join(folder, name))]));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Tensor["data"]): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
