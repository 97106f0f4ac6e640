import type { Command } from "commander";
import type { Claim, Verdict } from "#base";
import { listRuns, openRun, type Store } from "#runs";
import { loadStudy, studyIds } from "#studies";
import { type Desk, printJson } from "../desk.ts";
import { verdictLine } from "../verdicts.ts";

/** A claim with what the newest finished run of its study found. */
interface LedgerEntry extends Omit<Claim, "judge"> {
  readonly study: string;
  readonly run: string | null;
  readonly verdicts: readonly Verdict[];
}

/** `assay claims [study]`: every claim, its test, and the latest verdicts. */
export function addClaims(program: Command, desk: Desk): void {
  program
    .command("claims")
    .argument("[study]", "one study only")
    .description("print the ledger: every claim with its test and the latest verdicts")
    .option("--json", "print a JSON document")
    .action(async (study: string | undefined, { json }: { json?: boolean }) => {
      const entries = await ledger(study === undefined ? studyIds : [study], desk);
      if (json) return printJson(desk, { claims: entries });
      for (const entry of entries) printEntry(entry, desk);
    });
}

async function ledger(ids: readonly string[], desk: Desk): Promise<LedgerEntry[]> {
  const modules = await Promise.all(ids.map(loadStudy));
  using store = existingStore(desk);
  return modules.flatMap(({ study }) => {
    const latest = store && listRuns(store).find((run) => run.study === study.id && run.status === "finished");
    const verdicts = store && latest ? openRun(store, latest.id).verdicts() : [];
    return study.claims.map(({ judge, ...claim }) => ({
      ...claim,
      study: study.id,
      run: latest?.id ?? null,
      verdicts: verdicts.filter((verdict) => verdict.claim === claim.id),
    }));
  });
}

/** The ledger is worth reading before anything was run. */
function existingStore(desk: Desk): Store | undefined {
  try {
    return desk.openStore({ readOnly: true });
  } catch {
    return undefined;
  }
}

function printEntry(entry: LedgerEntry, desk: Desk): void {
  const { statistic, direction, margin } = entry.test;
  desk.print(`${entry.study}/${entry.id}  ${entry.statement}`);
  desk.print(`  ${entry.place}; ${entry.certainty}; test: ${statistic}, ${direction}, ${margin}`);
  for (const verdict of entry.verdicts) desk.print(`  ${verdictLine(verdict)}`);
  if (entry.verdicts.length === 0) desk.print("  not judged yet");
}
