import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Question } from "#base";
import { resolveSubject } from "#evals";
import { generate } from "#models";
import { openModelSubject } from "../../src/evals/subjects/open-model.ts";
import { copyOf, fixture, openFixture } from "../models/fixtures.ts";

const asked = (text: string, sampling: Question["sampling"] = { maxTokens: 4 }): Question => ({
  parts: [{ type: "text", text }],
  sampling,
});

test("resolveSubject() of a folder answers through the model's chat template, with log-probabilities", async () => {
  const subject = await resolveSubject(fixture("llama"));
  const model = await openFixture("llama");
  const prompt = model.tokenizer!.encode("<s>user: Hi. assistant:", { special: false });

  const answer = await subject.ask(asked("Hi", { maxTokens: 4, logProbs: true }), {});

  const [expected] = await generate(model, [prompt], { maxTokens: 4 });
  expect(subject).toMatchObject({ name: fixture("llama"), kind: "open" });
  expect(answer).toMatchObject({
    text: expected!.text,
    finishReason: expected!.finishReason,
    usage: { inputTokens: prompt.length, outputTokens: expected!.ids.length },
    raw: { ids: expected!.ids },
  });
  expect(answer.logProbs!.map(({ logProb }) => logProb)).toEqual(expected!.logProbs);
});

test("openModelSubject() answers questions that are asked at once one after the other, and the same", async () => {
  const subject = await openModelSubject("tiny", fixture("llama"));
  const alone = await subject.ask(asked("Hi"), {});

  const together = await Promise.all([
    subject.ask(asked("Hi"), {}),
    subject.ask(asked("You"), {}),
    subject.ask(asked("Hi"), {}),
  ]);

  expect([together[0]!.text, together[2]!.text]).toEqual([alone.text, alone.text]);
});

test("openModelSubject() has the identity of its files, wherever they lie", async () => {
  const [first, copy, other] = [fixture("llama"), copyOf("llama"), fixture("gpt2")];

  const identities = [];
  for (const place of [first, copy, other]) identities.push((await openModelSubject("x", place)).identity);

  expect(identities[1]).toEqual(identities[0]);
  expect(identities[2]).not.toEqual(identities[0]);
});

test("openModelSubject() tells a system prompt in its own role, or at the head of the turn where there is none", async () => {
  const written = "{% for one in messages %}{{ one.role[0] }}:{{ one.content }};{% endfor %}";
  const refusing = `{% if messages[0].role == "system" %}{{ raise_exception("no system") }}{% endif %}${written}`;
  const folders = [written, refusing].map((template) => withTemplate(copyOf("llama"), template));
  const { tokenizer } = await openFixture("llama");

  const answers = [];
  for (const folder of folders)
    answers.push(await (await resolveSubject(folder)).ask({ ...asked("Hi"), system: "Go" }, {}));

  const lengths = ["s:Go;u:Hi;", "u:Go\nHi;"].map((text) => tokenizer!.encode(text, { special: false }).length);
  expect(answers.map(({ usage }) => usage!.inputTokens)).toEqual(lengths);
});

function withTemplate(folder: string, template: string): string {
  const settings = join(folder, "tokenizer_config.json");
  const read = JSON.parse(readFileSync(settings, "utf8"));
  writeFileSync(settings, JSON.stringify({ ...read, chat_template: template }));
  return folder;
}

test("openModelSubject() refuses pictures, and goes on with the next question", async () => {
  const subject = await openModelSubject("tiny", fixture("llama"));
  const picture = { type: "image", mediaType: "image/png", key: "k", load: async () => new Uint8Array() } as const;

  const refused = subject.ask({ parts: [picture], sampling: {} }, {});

  expect(subject.reads).toBe("text");
  await expect(refused).rejects.toMatchObject({ code: "SUBJECT_BLIND" });
  await expect(subject.ask(asked("Hi"), {})).resolves.toMatchObject({ finishReason: expect.any(String) });
});

test("openModelSubject() says what is wrong with a folder when it is asked, again and again", async () => {
  const subject = await openModelSubject("none", join(import.meta.dirname));

  for (let time = 0; time < 2; time++)
    await expect(subject.ask(asked("Hi"), {})).rejects.toMatchObject({ code: "FILE_MISSING" });
});
