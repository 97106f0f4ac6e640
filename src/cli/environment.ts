import { existsSync, readFileSync } from "node:fs";
import { AssayError } from "#base";
import { type Environment, mergeEnvironment } from "#evals/redaction";

/**
 * The real environment over the files named, over `.env` in the working directory.
 *
 * @throws AssayError ENV_FILE_UNREADABLE
 */
export function readEnvironment(files: readonly string[], real: Environment): Environment {
  const found = existsSync(".env") ? [".env", ...files] : files;
  return mergeEnvironment(found.map(readText), real);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    // The cause would show a stack through this file, never its content.
    throw new AssayError("ENV_FILE_UNREADABLE", `assay: Expected --env-file ${file} to be a readable file`, {
      cause: error,
    });
  }
}
