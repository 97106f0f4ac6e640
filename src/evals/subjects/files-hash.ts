import { join } from "node:path";
import { hashOf } from "#base";
import { hashFile, listFolder } from "#formats";

/** Everything in a folder that decides a model's answers: weights, settings and tokenizer by content, wherever it lies. */
export function filesHash(folder: string): string {
  const files = listFolder(folder, { followLinks: true }).filter(({ name }) =>
    /\.(json|safetensors|bin|model|txt|jinja)$/.test(name),
  );
  return hashOf(files.map(({ name }) => [name, hashFile(join(folder, name))]));
}
