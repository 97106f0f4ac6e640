import { type Subject, UsageError } from "#base";
import { costUsd, type Price, resolveSubject } from "#evals";
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
  const environment = desk.environment(envFile);
  return Promise.all(names.map((name) => resolveSubject(name, { environment, onNotice: desk.tell })));
}

/** What a plan costs in US dollars at a price; null where nobody knows it. */
export function plannedCost(price: Price | undefined, plan: Plan): number | null {
  return price === undefined ? null : costUsd(plan, price);
}
