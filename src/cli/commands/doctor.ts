import { existsSync } from "node:fs";
import type { Command } from "commander";
import { AssayError } from "#base";
import { alignedTable } from "#report";
import { type Desk, printJson } from "../desk.ts";
import { packageVersion } from "../version.ts";

/** One thing that was looked at: what was found, and what to do when it is not well. */
interface Finding {
  readonly what: string;
  readonly found: string;
  readonly ok: boolean;
  readonly advice?: string;
}

/** Names under which the ecosystem keeps keys; only whether one is set is ever shown. */
const keyNames = [
  "OPENAI_API_KEY",
  "ANTHROPIC_API_KEY",
  "GOOGLE_GENERATIVE_AI_API_KEY",
  "GOOGLE_API_KEY",
  "GEMINI_API_KEY",
  "HF_TOKEN",
] as const;

/** `assay doctor`: what this machine offers and what is missing. */
export function addDoctor(program: Command, desk: Desk): void {
  program
    .command("doctor")
    .description("look at this machine: what works, what is missing, what to do about it")
    .option("--json", "print a JSON document")
    .action(async ({ json }: { json?: boolean }) => {
      const findings = [runtime(), await engine(), store(desk), ...keys(desk), sharedData(desk)];
      if (json) return printJson(desk, { findings });
      desk.print(
        alignedTable(
          ["", "what", "found"],
          findings.map(({ ok, what, found }) => [ok ? "✓" : "!", what, found]),
        ),
      );
      for (const { what, advice, ok } of findings) if (!ok && advice) desk.print(`${what}: ${advice}`);
    });
}

const runtime = (): Finding => ({
  what: "assay, Node, SQLite",
  found: `${packageVersion()}, ${process.versions.node}, ${process.versions.sqlite}`,
  ok: true,
});

/** Whether the engine computes here, and how fast. Loaded here alone: its library must not slow or break other commands. */
async function engine(): Promise<Finding> {
  const what = "engine";
  try {
    const { measureEngine } = await import("#engine");
    const { runtime, providers, threads, gflops } = await measureEngine();
    const speed = `${Math.round(gflops)} GFLOP/s (float32, 1024 × 1024 × 1024)`;
    return { what, found: `ONNX Runtime ${runtime}, ${providers.join(" ")}, ${threads} threads, ${speed}`, ok: true };
  } catch (error) {
    const advice = `${error instanceof Error ? error.message : error}; install again with npm install`;
    return { what, found: "does not compute", ok: false, advice };
  }
}

function store(desk: Desk): Finding {
  const what = "store";
  try {
    desk.openStore().close();
    return { what, found: desk.home, ok: true };
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    return { what, found: `${desk.home}: ${error.code}`, ok: false, advice: error.message };
  }
}

const keys = ({ env }: Desk): Finding[] =>
  keyNames.filter((name) => env[name]).map((name) => ({ what: name, found: "set", ok: true }));

function sharedData({ env }: Desk): Finding {
  const folder = env.ASSAY_SHARED ?? "../shared";
  const found = existsSync(folder) ? folder : "absent (only the project's own tests want it)";
  return { what: "shared test data", found, ok: true };
}
