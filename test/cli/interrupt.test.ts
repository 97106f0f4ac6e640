// Exercises: src/cli/interruption.ts src/cli/resume-command.ts
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { listRuns, openRun, Store } from "#runs";
import { startServer, type TestServer, type TestServerOptions } from "../server/server.ts";
import { startAssay } from "./processes.ts";

const study = "run mmneedle --preset tiny --set pictures=1 --set side=2 --set needles=1 --set samples=20".split(" ");
const open: TestServer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function setup(options: TestServerOptions) {
  const server = await startServer(options);
  open.push(server);
  const home = mkdtempSync(join(tmpdir(), "assay-interrupt-"));
  const env = { ASSAY_HOME: home, OPENAI_COMPATIBLE_API_KEY: "not-a-secret" };
  const run = [...study, "-m", `openai-compatible/needle@${server.url}/v1`, "-j", "3", "--no-cache"];
  return { server, home, env, run };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(5);
}

const askedKeys = (server: TestServer, from = 0): string[] =>
  server.log.slice(from).flatMap(({ event, key }) => (event === "asked" ? [key] : []));

test("the first Ctrl-C stores what is in flight, prints the exact command to go on, and ends with 130", async () => {
  const { server, home, env, run } = await setup({ latencyMs: 60 });
  const first = startAssay(run, { env });
  await until(() => server.log.length > 14);

  first.child.kill("SIGINT");
  const code = await first.ended;

  const asked = askedKeys(server);
  const { summary, answers } = stored(home);
  expect(code).toBe(130);
  expect(first.stdout()).toBe("");
  expect(summary.status).toBe("stopped");
  expect(answers).toBe(asked.length);
  expect(answers).toBeLessThan(40);
  const command = /^ {2}(.*assay resume .*)$/m.exec(first.stderr())![1]!;
  expect(command).toBe(`ASSAY_HOME=${home} assay resume ${summary.id} -j 3 --no-cache`);

  const before = server.log.length;
  const second = startAssay(command.split(" ").slice(2), { env });

  expect(await second.ended).toBe(0);
  expect(askedKeys(server, before).filter((key) => asked.includes(key))).toEqual([]);
  expect(stored(home)).toMatchObject({ answers: 40, summary: { status: "finished" } });
});

test("the second Ctrl-C leaves at once, though a server never answers, and the run can be resumed", async () => {
  const { server, home, env, run } = await setup({ script: ["hang", "hang", "hang"] });
  const first = startAssay(run, { env });
  await until(() => askedKeys(server).length === 3);

  first.child.kill("SIGINT");
  await until(() => first.stderr().includes("again to leave at once"));
  const isDraining = first.child.exitCode === null;
  first.child.kill("SIGINT");

  expect(isDraining).toBe(true);
  expect(await first.ended).toBe(130);
  expect(stored(home)).toMatchObject({ answers: 0, summary: { status: "interrupted" } });
  expect(await startAssay(["resume", "latest"], { env }).ended).toBe(0);
  expect(stored(home).answers).toBe(40);
});

test("assay … | head ends without an error when the reader goes first", async () => {
  const { env, run } = await setup({});
  await startAssay([...run, "--quiet"], { env }).ended;
  const reader = startAssay(["show", "latest", "--json"], { env });

  reader.child.stdout!.destroy();

  expect([0, "SIGPIPE"]).toContain(await reader.ended);
  expect(reader.stderr()).toBe("");
});

function stored(home: string) {
  using store = new Store(home);
  const [summary] = listRuns(store);
  return { summary: summary!, answers: [...openRun(store, summary!.id).answers()].length };
}

test("a run goes on to its end when nobody reads its progress any more", async () => {
  const { server, home, env, run } = await setup({ latencyMs: 20 });
  const watched = startAssay(run, { env });
  await until(() => server.log.length > 0);

  watched.child.stderr!.destroy();

  expect(await watched.ended).toBe(0);
  expect(stored(home)).toMatchObject({ answers: 40, summary: { status: "finished" } });
});
