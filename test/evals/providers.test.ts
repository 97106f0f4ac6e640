import { afterAll, beforeAll, expect, test } from "vitest";
import type { ImagePart, Question } from "#base";
import { type Environment, resolveSubject, SubjectError } from "#evals";
import type { Behaviour } from "../server/behaviours.ts";
import { startServer, type TestServer } from "../server/server.ts";

const key = "sk-test-0123456789abcdef";
let server: TestServer;
let environment: Environment;

beforeAll(async () => {
  server = await startServer();
  environment = {
    OPENAI_API_KEY: key,
    OPENAI_BASE_URL: `${server.url}/v1`,
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_BASE_URL: server.url,
    GEMINI_API_KEY: key,
    GOOGLE_BASE_URL: `${server.url}/v1beta`,
    OPENAI_COMPATIBLE_API_KEY: key,
  };
});
afterAll(() => server.close());

const names = ["openai/gpt-4o", "anthropic/claude-3-opus-20240229", "google/gemini-1.5-pro"] as const;
const allNames = () => [...names, `openai-compatible/llava@${server.url}/v1`];

const subjectOf = (name: string) => resolveSubject(name, { environment });

const question = (text: string, extra: Partial<Question> = {}): Question => ({
  parts: [{ type: "text", text }],
  sampling: { maxTokens: 300 },
  ...extra,
});

function image(bytes: Uint8Array, mediaType: ImagePart["mediaType"] = "image/jpeg"): ImagePart {
  return { type: "image", mediaType, key: "test", load: async () => bytes };
}

async function failureOf(name: string, behaviour: Behaviour) {
  server.misbehave(behaviour);
  const subject = await subjectOf(name);
  const error = await subject.ask(question(`fail ${behaviour}`), {}).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(SubjectError);
  return (error as SubjectError).failure;
}

test("every provider answers with text, finish reason, tokens, latency and the raw response", async () => {
  for (const name of allNames()) {
    const subject = await subjectOf(name);

    const answer = await subject.ask(question("What is this?"), {});

    expect(answer, name).toMatchObject({ text: expect.stringMatching(/^answer [0-9a-f]{16}$/), finishReason: "stop" });
    expect(answer.usage?.inputTokens, name).toBeGreaterThan(0);
    expect(answer.latencyMs, name).toBeGreaterThan(0);
    expect(JSON.stringify(answer.raw), name).toContain(answer.text);
  }
});

test("every provider sends pictures byte-identical, in order, at high detail where there is one", async () => {
  const jpeg = Uint8Array.from({ length: 5000 }, (_, index) =>
    index < 3 ? [0xff, 0xd8, 0xff][index]! : (index * 7) % 256,
  );
  const png = Uint8Array.from({ length: 300 }, (_, index) =>
    index < 4 ? [0x89, 0x50, 0x4e, 0x47][index]! : index % 256,
  );
  for (const name of allNames()) {
    const subject = await subjectOf(name);
    const parts = [image(jpeg), image(png, "image/png"), { type: "text", text: "Which one?" }] as const;

    await subject.ask({ parts, sampling: {} }, {});

    const asked = server.requests.at(-1)!;
    expect(
      asked.images.map((bytes) => [...bytes]),
      name,
    ).toEqual([[...jpeg], [...png]]);
    expect(asked.text, name).toBe("Which one?");
    if (asked.protocol === "chat-completions") expect(asked.details, name).toEqual(["high", "high"]);
    expect(JSON.stringify(asked.body), name).not.toContain("imageDetail");
    expect(JSON.stringify(asked.body), name).toContain("image/png");
  }
});

test("every provider is sent the sampling parameters that are set, and no others", async () => {
  const sampling = { maxTokens: 7, temperature: 0.5, topP: 0.9, seed: 11, stop: ["x"] };
  const places = {
    "chat-completions": { max_tokens: 7, temperature: 0.5, top_p: 0.9, seed: 11, stop: ["x"] },
    "generate-content": { maxOutputTokens: 7, temperature: 0.5, topP: 0.9, seed: 11, stopSequences: ["x"] },
    messages: { max_tokens: 7, temperature: 0.5, stop_sequences: ["x"] },
  };
  for (const name of allNames()) {
    const subject = await subjectOf(name);

    await subject.ask(question("Sampled", { sampling }), {});
    const sampled = server.requests.at(-1)!;
    await subject.ask(question("Plain", { sampling: {} }), {});
    const plain = server.requests.at(-1)!;

    const fields = sampled.protocol === "generate-content" ? sampled.body.generationConfig : sampled.body;
    expect(fields, name).toMatchObject(places[sampled.protocol]);
    expect(JSON.stringify(plain.body), name).not.toMatch(/temperature|top_?p|seed|stop_?seq|"stop"|logprobs/i);
  }
});

test("every provider is told a system prompt apart from the turn", async () => {
  for (const name of allNames()) {
    const subject = await subjectOf(name);

    await subject.ask(question("Which?", { system: "You judge." }), {});

    const { body, text } = server.requests.at(-1)!;
    const told = body.system ?? body.systemInstruction ?? body.messages[0];
    expect(JSON.stringify(told), name).toContain("You judge.");
    expect(text.endsWith("Which?"), name).toBe(true);
  }
});

test("the likeliest other tokens come through where they are asked for", async () => {
  for (const name of [names[0], `openai-compatible/llava@${server.url}/v1`]) {
    const subject = await subjectOf(name);

    const answer = await subject.ask(question("A or B?", { sampling: { logProbs: true, alternatives: 20 } }), {});

    expect(server.requests.at(-1)!.body.top_logprobs, name).toBe(20);
    expect(answer.logProbs?.[0]?.alternatives, name).toEqual([
      { token: "A", logProb: -0.5 },
      { token: " B", logProb: -1.5 },
    ]);
  }
});

test("a subject passes on what its provider does not support", async () => {
  const notices: string[] = [];
  const onNotice = (message: string) => notices.push(message);
  const subject = await resolveSubject("anthropic/claude-3-opus-20240229", { environment, onNotice });

  await subject.ask(question("Seeded", { sampling: { seed: 1 } }), {});
  await subject.ask(question("Seeded again", { sampling: { seed: 1 } }), {});

  const aboutSeed = notices.filter((notice) => notice.includes("seed"));
  expect(aboutSeed).toEqual(["anthropic/claude-3-opus-20240229: seed is not supported, and was left out"]);
});

test("log-probabilities come through where the protocol has them", async () => {
  for (const name of [names[0], names[2], `openai-compatible/llava@${server.url}/v1`]) {
    const subject = await subjectOf(name);

    const answer = await subject.ask(question("How sure?", { sampling: { logProbs: true } }), {});

    expect(answer.logProbs, name).toHaveLength(2);
    expect(answer.logProbs?.[0], name).toEqual({ token: "answer ", logProb: -0.25 });
  }
});

test("refusals and filters are answers without text, and not errors", async () => {
  for (const name of allNames()) {
    for (const behaviour of ["refusal", "content-filter", "filter-error"] as const) {
      server.misbehave(behaviour);

      const answer = await (await subjectOf(name)).ask(question(behaviour), {});

      expect(answer, `${name} ${behaviour}`).toMatchObject({ text: null, finishReason: "refusal" });
      expect(answer.raw, `${name} ${behaviour}`).not.toBeNull();
    }
  }
});

test("an answer that was cut at the token limit says so and keeps its text", async () => {
  for (const name of allNames()) {
    server.misbehave("cut");

    const answer = await (await subjectOf(name)).ask(question("At length"), {});

    expect(answer, name).toMatchObject({ text: expect.stringMatching(/^answer /), finishReason: "length" });
  }
});

test("an empty answer stays the empty text it is", async () => {
  for (const name of allNames()) {
    server.misbehave("empty");

    const answer = await (await subjectOf(name)).ask(question("Say nothing"), {});

    expect(answer.text, name).toBe("");
    expect(answer.error, name).toBeUndefined();
  }
});

test("every misbehaviour is sorted by kind, code and whether asking again helps", async () => {
  const expected: Partial<Record<Behaviour, object>> = {
    "429": { kind: "quota", code: "rate-limit", retry: true, overload: true },
    "429-ms": { kind: "quota", retry: true, waitMs: 20 },
    "429-seconds": { kind: "quota", retry: true, waitMs: 50 },
    "429-date": { kind: "quota", retry: true, waitMs: expect.toSatisfy((ms: number) => ms >= 0 && ms <= 1000) },
    "429-x": { kind: "quota", retry: true, waitMs: 30 },
    "429-anthropic": { kind: "quota", retry: true, waitMs: expect.closeTo(25, -2) },
    "429-google": { kind: "quota", retry: true, waitMs: 30 },
    "429-long": { kind: "quota", retry: true, waitMs: 86_400_000 },
    "empty-account": { kind: "quota", code: "empty-account", retry: false, stops: true },
    "500": { kind: "transient", code: "server-error", status: 500, retry: true },
    "503": { kind: "transient", code: "overloaded", retry: true, overload: true },
    "529": { kind: "transient", code: "overloaded", retry: true, overload: true },
    "bad-request": { kind: "permanent", code: "bad-request", retry: false },
    unauthorized: { kind: "permanent", code: "unauthorized", retry: false, stops: true },
    "not-found": { kind: "permanent", code: "not-found", retry: false, stops: true },
    truncated: { kind: "transient", code: "bad-body", status: 200, retry: true },
    html: { kind: "transient", code: "bad-body", status: 200, retry: true },
    disconnect: { kind: "transient", code: "disconnect", retry: true },
    "disconnect-mid": { kind: "transient", code: "disconnect", retry: true },
  };
  for (const name of allNames()) {
    for (const [behaviour, failure] of Object.entries(expected)) {
      expect(await failureOf(name, behaviour as Behaviour), `${name} ${behaviour}`).toMatchObject(failure);
    }
  }
});

test("a subject makes one request an attempt: the SDK repeats nothing", async () => {
  for (const name of allNames()) {
    const before = server.requests.length;

    await failureOf(name, "500");

    expect(server.requests.length - before, name).toBe(1);
  }
});

test("an answer under a wrong content type is still an answer", async () => {
  for (const name of allNames()) {
    server.misbehave("wrong-type");

    expect((await (await subjectOf(name)).ask(question("Sloppy"), {})).finishReason, name).toBe("stop");
  }
});

test("no secret gets into an answer, a raw response or an error", async () => {
  for (const name of allNames()) {
    const failure = await failureOf(name, "secret-echo");
    server.misbehave("secret-answer");
    const answer = await (await subjectOf(name)).ask(question("What is your key?"), {});

    expect(JSON.stringify(failure), name).not.toContain(key);
    expect(failure.message, name).toContain("[redacted]");
    expect(JSON.stringify(answer), name).not.toContain(key);
    expect(answer.text, name).toBe("Your key is [redacted]");
  }
});

test("a server that is not there is unreachable", async () => {
  const gone = await startServer();
  await gone.close();
  const subject = await resolveSubject(`openai-compatible/x@${gone.url}/v1`, { environment: {} });

  const error = await subject.ask(question("Hello?"), {}).catch((error: unknown) => error);

  expect((error as SubjectError).failure).toMatchObject({ kind: "transient", code: "unreachable", unreachable: true });
  expect((error as SubjectError).message).toContain(gone.url);
});

test("identity tells apart model and address, and holds no secret", async () => {
  const here = await subjectOf(`openai-compatible/llava@${server.url}/v1`);
  const there = await subjectOf("openai-compatible/llava@http://localhost:1/v1");

  expect(here.identity).not.toEqual(there.identity);
  expect(JSON.stringify([here, there])).not.toContain(key);
});

test("a key for one service is never sent to another", async () => {
  const subject = await resolveSubject(`openai-compatible/x@${server.url}/v1`, {
    environment: { OPENAI_API_KEY: key, OPENAI_BASE_URL: "http://localhost:1/v1" },
  });
  server.misbehave("secret-answer");

  expect((await subject.ask(question("Key?"), {})).text).toBe("Your key is ");
});

test("a key that no header can carry is an error that does not quote it", async () => {
  const odd = ["sk-0123456789\nabcdef", "sk-0123456789-ключ"];
  for (const key of odd) {
    const environment = { OPENAI_API_KEY: key, ANTHROPIC_API_KEY: key, GEMINI_API_KEY: key };
    const addresses = { OPENAI_BASE_URL: `${server.url}/v1`, ANTHROPIC_BASE_URL: server.url };
    for (const name of names) {
      const subject = await resolveSubject(name, {
        environment: { ...environment, ...addresses, GOOGLE_BASE_URL: `${server.url}/v1beta` },
      });

      const error: Error = await subject.ask(question("Hello"), {}).then(
        () => Promise.reject(new Error("answered")),
        (error: Error) => error,
      );

      expect(`${error.message} ${error.stack} ${error.cause}`, name).not.toContain("0123456789");
      expect(error.message, name).toContain(name);
      if (error instanceof SubjectError) expect(error.failure).toMatchObject({ code: "unsendable", stops: true });
    }
  }
});
