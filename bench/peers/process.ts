/** A peer in a process of its own that reads a job a line and answers with its seconds. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface PeerProcess {
  /** What its first line said: its versions. */
  readonly hello: Readonly<Record<string, string>>;
  seconds(job: Readonly<Record<string, unknown>>): Promise<number>;
  end(): void;
}

export async function startPeer(command: string, args: readonly string[]): Promise<PeerProcess> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const replies = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await replies.next();
    if (done) throw new Error(`${command} ended before it answered`);
    return JSON.parse(value);
  };
  const hello = (await next()) as Record<string, string>;
  const seconds = async (job: Readonly<Record<string, unknown>>) => {
    child.stdin.write(`${JSON.stringify(job)}\n`);
    return Number((await next()).seconds);
  };
  return { hello, seconds, end: () => child.stdin.end() };
}
