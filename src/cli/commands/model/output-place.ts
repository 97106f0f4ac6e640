/** Where a command writes: said to be wrong before minutes of work, not after them. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { UsageError } from "#base";

/** @throws UsageError CHECKPOINT_EXISTS, OUTPUT_INVALID where a file is in the way */
export function expectEmptyFolder(folder: string, who: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) {
    throw new UsageError(
      "OUTPUT_INVALID",
      `${who}: Expected a folder to write, got the file ${folder}; choose another`,
    );
  }
  if (readdirSync(folder).length === 0) return;
  const claim = `Expected a new or empty folder for the changed model, got ${folder} with files in it`;
  throw new UsageError("CHECKPOINT_EXISTS", `${who}: ${claim}; choose another`);
}

/** @throws UsageError OUTPUT_INVALID where a folder is in the way */
export function expectNoFolder(file: string, who: string): void {
  if (!existsSync(file) || !statSync(file).isDirectory()) return;
  throw new UsageError("OUTPUT_INVALID", `${who}: Expected a file to write, got the folder ${file}; name a file in it`);
}
