import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../bin/assay.js", import.meta.url));

/** A running `assay` and everything that it has said so far. */
export interface AssayProcess {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts `assay` as a process of its own; nothing of this environment's keys reaches it. */
export function startAssay(
  words: readonly string[],
  { env, cwd }: { readonly env: Readonly<Record<string, string>>; readonly cwd?: string },
): AssayProcess {
  const { PATH = "", HOME = "", TMPDIR } = process.env;
  const child = spawn(process.execPath, [bin, ...words], {
    env: { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd && { cwd }),
  });
  const said = { stdout: "", stderr: "" };
  child.stdout!.on("data", (text) => {
    said.stdout += text;
  });
  child.stderr!.on("data", (text) => {
    said.stderr += text;
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? signal)),
  );
  return { child, stdout: () => said.stdout, stderr: () => said.stderr, ended };
}
