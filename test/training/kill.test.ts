import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stream } from "#base";
import { bitsOf, trainToy } from "./toy.ts";

const steps = 120;
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-training-kill-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a training killed at random instants ends with the weights of an uninterrupted one, byte for byte", async () => {
  const calm = await trainToy(steps);
  const random = stream(3, "kill-instants");

  const kills = { met: 0 };
  for (let wanted = 6; wanted > 0; wanted--) kills.met += Number(await killed(start(), random.next() * 900));
  const bits = await finished(start());

  expect(kills.met).toBeGreaterThan(2);
  expect(bits).toBe(bitsOf(calm.weights));
}, 120_000);

const start = (): ChildProcess =>
  spawn(process.execPath, ["--conditions=assay-source", join(import.meta.dirname, "child.ts"), folder, String(steps)]);

/** Kills a process some time after it was started. @returns whether it was still alive */
async function killed(child: ChildProcess, ms: number): Promise<boolean> {
  const timer = setTimeout(() => child.kill("SIGKILL"), 300 + ms);
  const signal = await new Promise((resolve) => child.once("close", (_code, signal) => resolve(signal)));
  clearTimeout(timer);
  return signal === "SIGKILL";
}

async function finished(child: ChildProcess): Promise<string> {
  const said = { out: "", error: "" };
  child.stdout!.on("data", (text) => (said.out += String(text)));
  child.stderr!.on("data", (text) => (said.error += String(text)));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect({ code, error: said.error }).toMatchObject({ code: 0 });
  return said.out;
}
