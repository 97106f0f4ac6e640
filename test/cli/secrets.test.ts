// Exercises: src/cli/environment.ts src/cli/commands/export.ts
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Behaviour } from "../server/behaviours.ts";
import { startServer, type TestServer } from "../server/server.ts";
import { type AssayProcess, startAssay } from "./processes.ts";

/** Planted in every place where people keep keys. */
const secrets = {
  environment: "sk-environment-0123456789abcdef",
  unrelated: "ghp-unrelated-0123456789abcdef",
  dotEnv: "sk-dotenv-0123456789abcdef",
  envFile: "sk-envfile-0123456789abcdef",
  userInfo: "hunter2-0123456789abcdef",
  query: "query-0123456789abcdef",
};
const project = mkdtempSync(join(tmpdir(), "assay-secrets-"));
const home = join(project, "home");
const env = { ASSAY_HOME: home, OPENAI_API_KEY: secrets.environment, GITHUB_TOKEN: secrets.unrelated };
let server: TestServer;
const said: string[] = [];

beforeAll(async () => {
  server = await startServer();
  writeFileSync(
    join(project, ".env"),
    `OPENAI_COMPATIBLE_API_KEY=${secrets.dotEnv}\nOPENAI_API_BASE=${server.url}/v1\n`,
  );
  writeFileSync(
    join(project, "more.env"),
    `ANTHROPIC_API_KEY="${secrets.envFile}"\nANTHROPIC_BASE_URL=${server.url}\n`,
  );
});
afterAll(() => server.close());

async function assay(...words: string[]): Promise<AssayProcess & { readonly code: unknown }> {
  const running = startAssay(words, { env, cwd: project });
  const code = await running.ended;
  said.push(running.stdout(), running.stderr());
  return { ...running, code };
}

const study = "run mmneedle --preset tiny --set pictures=1 --set side=2 --set needles=1 --set samples=3".split(" ");
const echoes: Behaviour[] = ["secret-answer", "secret-echo", "secret-answer", "secret-echo"];

/** Every file below a folder. */
function filesBelow(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
  return paths.filter((path) => statSync(path).isFile());
}

const quoting = (bytes: Buffer | string): string[] =>
  Object.entries(secrets).flatMap(([place, secret]) =>
    [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)].some((form) => bytes.includes(form))
      ? [place]
      : [],
  );

test("no secret gets into the store, its log, stdout, stderr, an export or a report, whatever a server says", async () => {
  const local = `openai-compatible/needle@${server.url}/v1`;
  for (const subject of ["openai/gpt-4o", "anthropic/claude-3-opus-20240229", local]) {
    server.misbehave(...echoes);
    const run = await assay(...study, "-m", subject, "--env-file", "more.env", "-j", "1");
    expect(run.code, run.stderr()).toBe(0);
  }
  mkdirSync(join(home, "out"));
  for (const format of ["jsonl", "csv", "parquet"]) {
    await assay("export", "latest", "-o", join(home, "out", `answers.${format}`), "--format", format);
  }
  await assay("report", "latest", "-o", join(home, "out", "report.html"));
  await assay("show", "latest", "--json");
  const doctor = await assay("doctor");

  expect(doctor.stdout()).toMatch(/OPENAI_API_KEY +set/);
  expect(doctor.stdout()).toMatch(/OPENAI_COMPATIBLE_API_KEY +set/);
  const files = filesBelow(home);
  expect(files.length).toBeGreaterThanOrEqual(5);
  for (const file of files) expect(quoting(readFileSync(file)), file).toEqual([]);
  expect(quoting(said.join("\n"))).toEqual([]);
  expect(said.join("\n")).toContain("OPENAI_API_BASE is read as OPENAI_BASE_URL");
  expect(readFileSync(join(home, "out", "answers.jsonl"), "utf8")).toContain("[redacted]");
}, 120_000);

test("an error that ends a run is stored and said without the key", async () => {
  server.misbehave("secret-unauthorized");

  const run = await assay(...study, "-m", "openai/gpt-4o", "-j", "1", "--no-cache", "--verbose");

  expect(run.code).toBe(1);
  expect(run.stderr()).toContain("[redacted]");
  expect(quoting(run.stderr())).toEqual([]);
  for (const file of filesBelow(home)) expect(quoting(readFileSync(file)), file).toEqual([]);
}, 120_000);

test.each([
  `openai-compatible/m@http://me:${secrets.userInfo}@host/v1`,
  `opnai-compatible/m@http://me:${secrets.userInfo}@host/v1`,
  `groq/m@http://me:${secrets.userInfo}@host/v1`,
  `openai-compatible/m@http://host/v1?api_key=${secrets.query}`,
  `openai-compatible/m@http://me:${secrets.userInfo}@ho st/v1`,
])("a password in an address is refused and not repeated (%#)", async (subject) => {
  const run = await assay(...study, "-m", subject, "--verbose");

  expect(run.code).toBe(2);
  expect(quoting(run.stderr() + run.stdout())).toEqual([]);
});
