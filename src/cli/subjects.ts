import { existsSync, readFileSync } from "node:fs";
import { AssayError, type Subject, UsageError } from "#base";
import { costUsd, type Environment, mergeEnvironment, priceOf, resolveSubject } from "#evals";
import type { Plan } from "#runs";
import type { Desk } from "./desk.ts";
import type { ConductFlags } from "./run-options.ts";

/** The subjects of a run by their names, in the order given. @throws UsageError for a name that nobody knows or a key that is missing */
export async function resolveSubjects(
  names: readonly string[],
  { envFile = [] }: Pick<ConductFlags, "envFile">,
  desk: Desk,
): Promise<Subject[]> {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new UsageError("REPEATED_SUBJECT", `assay: Expected each subject once, got ${twice} twice`);
  const environment = readEnvironment(envFile, desk);
  return Promise.all(names.map((name) => resolveSubject(name, { environment, onNotice: desk.tell })));
}

/** The real environment over the files named, over `.env` in the working directory. */
function readEnvironment(files: readonly string[], { env }: Desk): Environment {
  const found = existsSync(".env") ? [".env", ...files] : files;
  return mergeEnvironment(found.map(readText), env);
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

/** What a plan costs in US dollars with a subject; null where nobody knows its price. */
export function plannedCost(subject: string, plan: Plan): number | null {
  const price = priceOf(subject);
  return price === undefined ? null : costUsd(plan, price);
}
