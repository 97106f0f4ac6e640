import { expect, test } from "vitest";
import type { Environment } from "../environment.ts";
import { parseSubjectName, resolveSubject } from "./resolve.ts";

const keys: Environment = { OPENAI_API_KEY: "sk-12345678", GROQ_API_KEY: "gsk-12345678", GROK_API_KEY: "xai-12345678" };

const resolve = (name: string, environment: Environment = keys) => resolveSubject(name, { environment });

test("parseSubjectName() splits every form of name", () => {
  const names = {
    "openai/gpt-4o": { scheme: "openai", rest: "gpt-4o" },
    "openrouter/meta-llama/llama-3": { scheme: "openrouter", rest: "meta-llama/llama-3" },
    "openai-compatible/a:b@http://localhost:11434/v1": {
      scheme: "openai-compatible",
      rest: "a:b@http://localhost:11434/v1",
    },
    "baseline:first-cell": { scheme: "baseline", rest: "first-cell" },
    "hf:org/name": { scheme: "hf", rest: "org/name" },
    "mini:atlas": { scheme: "mini", rest: "atlas" },
    "./folder": { scheme: "folder", rest: "./folder" },
    "../a/b": { scheme: "folder", rest: "../a/b" },
    "/abs": { scheme: "folder", rest: "/abs" },
    "C:\\models": { scheme: "folder", rest: "C:\\models" },
  };

  for (const [name, parts] of Object.entries(names)) expect(parseSubjectName(name), name).toEqual(parts);
});

test("parseSubjectName() suggests the nearest name, with its own mark", () => {
  const cases = {
    "opnai/gpt-4o": 'did you mean "openai/gpt-4o"?',
    "openai:gpt-4o": 'did you mean "openai/gpt-4o"?',
    "baseline/oracle": 'did you mean "baseline:oracle"?',
    "basline:oracle": 'did you mean "baseline:oracle"?',
    "gpt-4o": "a subject reads like openai/gpt-4o",
    "": "a subject reads like",
    "folder:x": "a subject reads like",
    "constructor/x": "a subject reads like",
  };

  for (const [name, advice] of Object.entries(cases)) {
    expect(() => parseSubjectName(name), name).toThrow(expect.objectContaining({ code: "UNKNOWN_SUBJECT" }));
    expect(() => parseSubjectName(name), name).toThrow(advice);
  }
});

test("resolveSubject() names the variable where a key is missing", async () => {
  await expect(resolve("openai/gpt-4o", {})).rejects.toThrow("Expected a key in OPENAI_API_KEY, got none");
  await expect(resolve("google/gemini-2.5-pro", {})).rejects.toThrow(
    "GOOGLE_GENERATIVE_AI_API_KEY or GOOGLE_API_KEY or GEMINI_API_KEY",
  );
  await expect(resolve("mistral/pixtral", {})).rejects.toMatchObject({ code: "KEY_MISSING" });
});

test("resolveSubject() takes addresses from name, environment and table, in that order", async () => {
  const address = async (name: string, environment: Environment = {}) => {
    const subject = await resolve(name, { ...keys, ANTHROPIC_AUTH_TOKEN: "12345678", ...environment });
    return (subject.identity as { baseURL: string }).baseURL;
  };

  expect(await address("openai/gpt-4o")).toBe("https://api.openai.com/v1");
  expect(await address("openai/gpt-4o", { OPENAI_BASE_URL: "http://proxy/v1/" })).toBe("http://proxy/v1");
  expect(await address("openai-compatible/m@http://host:1/v1")).toBe("http://host:1/v1");
  expect(await address("openai-compatible/m", { OPENAI_COMPATIBLE_BASE_URL: "http://h/v1" })).toBe("http://h/v1");
  expect(await address("anthropic/claude-opus-5", { ANTHROPIC_BASE_URL: "http://proxy" })).toBe("http://proxy/v1");
  expect(await address("groq/llama")).toBe("https://api.groq.com/openai/v1");
});

test("resolveSubject() accepts older names with a notice", async () => {
  const notices: string[] = [];
  const onNotice = (message: string) => notices.push(message);

  const environment = { ...keys, OPENAI_API_BASE: "http://old/v1" };
  const subject = await resolveSubject("openai/gpt-4o", { environment, onNotice });
  await resolveSubject("xai/grok-4", { environment, onNotice });

  expect(subject.identity).toMatchObject({ baseURL: "http://old/v1" });
  expect(notices).toEqual([
    "OPENAI_API_BASE is read as OPENAI_BASE_URL; prefer the latter",
    "GROK_API_KEY is read as XAI_API_KEY; prefer the latter",
  ]);
});

test("resolveSubject() refuses addresses that are none, that are missing, or that hold a secret", async () => {
  await expect(resolve("openai-compatible/m")).rejects.toMatchObject({ code: "ADDRESS_MISSING" });
  await expect(resolve("openai-compatible/m@http://")).rejects.toMatchObject({ code: "ADDRESS_MISSING" });
  await expect(resolve("openai/m", { ...keys, OPENAI_BASE_URL: "localhost" })).rejects.toMatchObject({
    code: "BAD_ADDRESS",
  });
  for (const address of ["http://me:hunter22@host/v1", "http://host/v1?key=hunter22"]) {
    const error: unknown = await resolve(`openai-compatible/m@${address}`).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "BAD_ADDRESS" });
    expect(String(error)).not.toContain("hunter22");
  }
});

test("parseSubjectName() does not repeat a password in the name that it does not know", () => {
  const name = "opnai-compatible/m@http://me:hunter22@host/v1?key=hunter22";

  expect(() => parseSubjectName(name)).toThrow("did you mean");
  expect(() => parseSubjectName(name)).not.toThrow("hunter22");
});

test("resolveSubject() refuses an address with a query, whatever it is called: the service's path would end up in it", async () => {
  for (const query of ["?code=hunter22", "?subscription-key=hunter22", "#hunter22"]) {
    const error: unknown = await resolve(`openai-compatible/m@http://host/v1${query}`).catch((error: unknown) => error);
    expect(error, query).toMatchObject({ code: "BAD_ADDRESS" });
    expect(String(error)).not.toContain("hunter22");
  }
  const broken: unknown = await resolve("openai/m", { ...keys, OPENAI_BASE_URL: "host/v1?key=hunter22" }).catch(String);
  expect(broken).not.toContain("hunter22");
});

test("resolveSubject() opens a miniature, or what a higher floor passes in its place", async () => {
  const subject = await resolve("baseline:oracle");

  expect(await resolve("mini:atlas")).toMatchObject({ name: "mini:atlas", kind: "open" });
  await expect(resolve("mini:atlass")).rejects.toThrow('did you mean "mini:atlas"');
  expect(await resolveSubject("mini:atlas", { kinds: { mini: (name) => ({ ...subject, name }) } })).toMatchObject({
    kind: "control",
  });
});
