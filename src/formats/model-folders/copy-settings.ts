import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeAtomically } from "../files/draft-file.ts";
import { listFolder } from "../files/text-file.ts";
import { isSettingsFile } from "../hub/choose-files.ts";

/**
 * Copies a model's tokenizer, chat templates and settings byte for byte, `config.json` apart, which changes with the
 * weights. A tokenizer that can be copied is never written anew.
 *
 * @returns the names of the files copied
 */
export function copySettings(
  from: string,
  to: string,
  { leaveOut = [] }: { readonly leaveOut?: readonly string[] } = {},
): string[] {
  const names = listFolder(from, { followLinks: true })
    .map(({ name }) => name)
    .filter((name) => isSettingsFile(name) && name !== "config.json" && !leaveOut.includes(name));
  for (const name of names) {
    const target = join(to, name);
    mkdirSync(dirname(target), { recursive: true });
    const bytes = readFileSync(join(from, name));
    writeAtomically(target, (append) => append(bytes));
  }
  return names;
}
