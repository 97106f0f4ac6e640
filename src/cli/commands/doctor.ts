import type { Command } from "commander";
import { moveAside } from "#runs";
import { type Desk, printJson, printTable } from "../desk.ts";
import { examine, type Finding, isDamaged } from "../findings.ts";

/** `assay doctor`: what this machine offers and what is missing. */
export function addDoctor(program: Command, desk: Desk): void {
  program
    .command("doctor")
    .description("look at this machine: what works, what is missing, what to do about it")
    .option("--move-aside", "keep a damaged store under another name, so that a new one can begin")
    .option("--json", "print a JSON document")
    .action(async ({ json, moveAside: wanted }: { json?: boolean; moveAside?: boolean }) => {
      const movedAside = wanted && isDamaged(desk) ? moveAside(desk.home) : undefined;
      const findings = await examine(desk);
      if (json) return printJson(desk, "doctor", { findings, ...(movedAside !== undefined && { movedAside }) });
      print(findings, desk);
      if (movedAside !== undefined) desk.tell(`The damaged store is kept as ${movedAside}`);
      else if (wanted) desk.tell("The store is not damaged and stays where it is");
    });
}

function print(findings: readonly Finding[], desk: Desk): void {
  const rows = findings.map(({ ok, what, found }) => [ok ? "✓" : "!", what, found]);
  printTable(desk, [["", "what", "found"], ...rows], { names: 2 });
  for (const { what, advice } of findings) if (advice !== undefined) desk.print(`${what}: ${advice}`);
}
