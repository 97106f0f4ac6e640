/** PyTorch in a process of its own; null when ASSAY_PYTHON names no Python that has it. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface TorchPeer {
  readonly version: string;
  /** Seconds that a job takes, the mean over `repeats`. */
  seconds(job: Readonly<Record<string, unknown>>): Promise<number>;
  end(): void;
}

export async function startTorch(threads: number, name = "engine.py"): Promise<TorchPeer | null> {
  const python = process.env.ASSAY_PYTHON;
  if (python === undefined) return null;
  const script = join(import.meta.dirname, name);
  const child = spawn(python, [script, String(threads)], { stdio: ["pipe", "pipe", "inherit"] });
  const replies = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<{ readonly torch?: string; readonly seconds?: number }> => {
    const { value, done } = await replies.next();
    if (done) throw new Error("The PyTorch peer ended; ASSAY_PYTHON must name a Python with torch");
    return JSON.parse(value);
  };
  const { torch } = await next();
  const seconds = async (job: Readonly<Record<string, unknown>>) => {
    child.stdin.write(`${JSON.stringify(job)}\n`);
    return (await next()).seconds!;
  };
  return { version: torch!, seconds, end: () => child.stdin.end() };
}
