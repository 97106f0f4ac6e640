import type { Command } from "commander";
import { type Desk, printJson } from "../desk.ts";
import { type LedgerEntry, readLedger } from "../ledger.ts";
import { verdictLine } from "../verdicts.ts";

/** `assay claims [study]`: every claim, its test, and the latest verdicts. */
export function addClaims(program: Command, desk: Desk): void {
  program
    .command("claims")
    .argument("[study]", "one study only")
    .description("print the ledger: every claim with its test and the latest verdicts")
    .option("--json", "print a JSON document")
    .action(async (study: string | undefined, { json }: { json?: boolean }) => {
      const claims = await readLedger(study, desk);
      if (json) return printJson(desk, "claims", { claims });
      for (const entry of claims) printEntry(entry, desk);
    });
}

function printEntry(entry: LedgerEntry, desk: Desk): void {
  const { statistic, direction, margin } = entry.test;
  desk.print(`${entry.study}/${entry.id}  ${entry.statement}`);
  desk.print(`  ${entry.place}; ${entry.certainty}; test: ${statistic}, ${direction}, ${margin}`);
  for (const verdict of entry.verdicts) desk.print(`  ${verdictLine(verdict)}  (${verdict.preset}, ${verdict.run})`);
  if (entry.verdicts.length === 0) desk.print("  not judged yet");
}
