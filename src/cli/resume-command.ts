import type { Environment } from "#evals/redaction";
import { assayCommand } from "./assay-command.ts";
import type { ConductFlags } from "./run-options.ts";

/** The command that goes on with a run as it was started: through npx or not, in the same store, with the same flags. */
export function resumeCommand(run: string, flags: ConductFlags, env: Environment): string {
  const words = [
    ...(env.ASSAY_HOME ? [`ASSAY_HOME=${quoted(env.ASSAY_HOME)}`] : []),
    ...[assayCommand(env), "resume", run],
    ...(flags.maxConcurrency === undefined ? [] : ["-j", `${flags.maxConcurrency}`]),
    ...(flags.budget === undefined ? [] : ["--budget", `${flags.budget}`]),
    ...(flags.budgetTokens === undefined ? [] : ["--budget-tokens", `${flags.budgetTokens}`]),
    ...(flags.prices === undefined ? [] : ["--prices", quoted(flags.prices)]),
    ...(flags.cache ? [] : ["--no-cache"]),
    ...(flags.durable ? ["--durable"] : []),
    ...(flags.envFile ?? []).flatMap((file) => ["--env-file", quoted(file)]),
    ...(flags.quiet ? ["--quiet"] : []),
    ...(flags.json ? ["--json"] : []),
  ];
  return words.join(" ");
}

const quoted = (word: string): string => (/^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
