import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { answerers } from "./answers.ts";
import { createPlan } from "./plan.ts";
import type { Asked } from "./protocols.ts";
import { type LogEntry, startServer } from "./server.ts";

const ask = (url: string, content: string) =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content }] }),
  });

const textOf = async (response: Response): Promise<string> =>
  JSON.parse(await response.text()).choices[0].message.content;

test("startServer() answers the same question alike and different ones differently", async () => {
  const server = await startServer();

  const texts = [];
  for (const question of ["a", "a", "b"]) texts.push(await textOf(await ask(server.url, question)));
  await server.close();

  expect(texts[0]).toBe(texts[1]);
  expect(texts[0]).not.toBe(texts[2]);
});

test("createPlan() depends on the question and how often it was asked, not on the order of requests", () => {
  const options = { chances: { "500": 0.3, refusal: 0.2 }, seed: 4 };
  const keys = Array.from({ length: 300 }, (_, index) => `q${index}`);
  const [forwards, backwards] = [createPlan(options), createPlan(options)];

  const first = new Map(keys.map((key) => [key, forwards(key, 0)]));
  const second = new Map(keys.toReversed().map((key) => [key, backwards(key, 0)]));

  expect(first).toEqual(new Map([...second].reverse()));
  const share = [...first.values()].filter((behaviour) => behaviour === "500").length / 300;
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.4);
  expect(keys.map((key) => forwards(key, 3))).toEqual(Array(300).fill("right"));
});

test("answerers.needle stays inside the haystack that the prompt describes", () => {
  const text =
    "Given 10 images indexed from 1 to 10, each divided into 4*4 subimages, identify …\nCaption_1: a\nCaption_2: b";
  for (let index = 0; index < 50; index++) {
    const asked = { protocol: "messages", model: "m", text: `${text}${index}`, images: [] } as unknown as Asked;
    expect(answerers.needle(asked)).toMatch(/^(-1|(10|[1-9]), [1-4], [1-4]); (-1|(10|[1-9]), [1-4], [1-4])$/);
  }
});

// Exercises: test/server/main.ts
test("main.ts runs as its own process and logs each request before it answers", async () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-server-"));
  const log = join(folder, "log.jsonl");
  const flags = ["--log", log, "--script", "500", "--answers", "echo"];
  const child = spawn(process.execPath, ["test/server/main.ts", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const url = String((await once(child.stdout, "data"))[0]).trim();

  const statuses = [(await ask(url, "first")).status, (await ask(url, "second")).status];
  child.kill("SIGTERM");
  await once(child, "exit");
  const entries: LogEntry[] = readFileSync(log, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  rmSync(folder, { recursive: true });

  expect(statuses).toEqual([500, 200]);
  expect(entries.map(({ event, behaviour, text }) => `${event} ${behaviour} ${text}`)).toEqual([
    "asked 500 first",
    "answered 500 first",
    "asked right second",
    "answered right second",
  ]);
});
