import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderSvg } from "#formats";
import { deskDouble } from "../../desk-double.ts";
import { documents } from "../../documents/index.ts";
import { runCommandLine } from "../../main.ts";
import { byteCount } from "./open.ts";
import { idList } from "./trace.ts";

const llama = join(import.meta.dirname, "../../../../test/golden/models/llama");

/** Runs `assay model …` and returns what came of it. */
async function assay(...args: string[]) {
  const desk = deskDouble();
  const code = await runCommandLine(["model", ...args], desk);
  return { code, printed: desk.printed.join(""), told: desk.told.join("\n") };
}

test("assay model inspect says what a model is and what it will take", async () => {
  const { printed } = await assay("inspect", llama);

  expect(printed).toMatch(/family +llama/);
  expect(printed).toMatch(/parameters +5,\d{3}/);
  expect(printed).toMatch(/memory +\d+\.\d MB predicted/);
  expect(printed).toMatch(/blocks\.N\.mlp\.coefficients +\[B, T, I\]/);
});

test("assay model inspect --memory says that weights will be read block by block", async () => {
  expect((await assay("inspect", llama, "--memory", "1KB")).printed).toContain("block by block");
});

test("assay model inspect names the classes, patches and taps of a vision model, and what its pictures go through", async () => {
  const { printed } = await assay("inspect", "mini:vit");
  const document = JSON.parse((await assay("inspect", "mini:vit", "--json")).printed);

  expect(printed).toMatch(/classes +2: red and yellow, blue and green/);
  expect(printed).toMatch(/pictures +32 × 32 pixels: 8 × 8 patches of 4 × 4/);
  expect(printed).toMatch(/blocks\.N\.attention\.pattern +\[N, H, T, T\]/);
  expect(document).toMatchObject({ kind: "vision", family: "vit", classes: ["red and yellow", "blue and green"] });
  expect(documents["model inspect"].parse(document)).toEqual({ ...document, schema: undefined });
});

test("assay model inspect names both towers of an encoder of pictures and texts", async () => {
  const clip = join(llama, "../clip");
  const { printed } = await assay("inspect", clip);
  const document = JSON.parse((await assay("inspect", clip, "--json")).printed);

  expect(printed).toMatch(/sees +2 blocks, hidden size 24, 3 heads; 8 × 8 pixels, patches of 4 × 4/);
  expect(printed).toMatch(/as a subject +retrieval baseline/);
  expect(document).toMatchObject({ kind: "dual encoder", threshold: null, tokenizer: null });
  expect(documents["model inspect"].parse(document)).toEqual({ ...document, schema: undefined });
});

test("assay model trace prints full arrays, the same whole and block by block", async () => {
  const args = ["trace", llama, "--text", "Hi", "--taps", "logits,blocks.0.residual", "--json"];

  const whole = JSON.parse((await assay(...args)).printed);
  const streamed = JSON.parse((await assay(...args, "--memory", "0")).printed);

  expect(whole).toMatchObject({ schema: "assay/1", ids: [[1, 37, 12]] });
  expect(whole.taps.logits.shape).toEqual([1, 3, 64]);
  expect(whole.taps["blocks.0.residual"].data.length).toBe(48);
  for (const name of ["logits", "blocks.0.residual"]) {
    expect(streamed.taps[name].data).toEqual(whole.taps[name].data.map((value: number) => expect.closeTo(value, 4)));
  }
});

test("assay model trace --picture prints the activations of a picture", async () => {
  const square = await renderSvg(
    '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle r="6"/></svg>',
    32,
  );
  const folder = mkdtempSync(join(tmpdir(), "assay-trace-"));
  writeFileSync(join(folder, "square.png"), square);
  const taps = ["--taps", "logits,blocks.2.attention.pattern"];

  const { printed } = await assay("trace", "mini:vit", "--picture", join(folder, "square.png"), ...taps, "--json");
  const wrong = await assay("trace", "mini:vit", "--picture", join(folder, "none.png"));

  rmSync(folder, { recursive: true });
  const document = JSON.parse(printed);
  expect(document).toMatchObject({ ids: [], taps: { logits: { shape: [1, 2] } } });
  expect(document.taps["blocks.2.attention.pattern"].shape).toEqual([1, 4, 65, 65]);
  expect(wrong.told).toContain("got no file");
});

test("assay model trace prints a table for people", async () => {
  expect((await assay("trace", llama, "--ids", "1,2")).printed).toMatch(/logits +\[1, 2, 64\]/);
});

test("assay model score prints each token, and several continuations", async () => {
  const one = JSON.parse((await assay("score", llama, "--prompt", "Hi", "--continuation", " you", "--json")).printed);
  const both = ["--continuation", " you", "--continuation", " me"];
  const two = JSON.parse((await assay("score", llama, "--prompt", "Hi", ...both, "--json")).printed);
  const people = await assay("score", llama, "--prompt", "Hi", "--continuation", " you");

  expect(one.tokens.map(({ token }: { token: string }) => token)).toEqual(["▁", "y", "o", "u"]);
  expect(two.scores[0].logProb).toBe(one.logProb);
  expect(people.printed).toContain('"▁"');
});

test("assay model generate streams to the terminal what --json gives as text", async () => {
  const args = ["generate", llama, "--prompt", "Hi", "--max-tokens", "6", "--greedy"];

  const streamed = await assay(...args);
  const { text, ids, finishReason } = JSON.parse((await assay(...args, "--json")).printed);

  expect(streamed.printed).toBe(text);
  expect(ids.length).toBe(6);
  expect(finishReason).toBe("length");
});

test("assay model generate continues several prompts, ids, and a chat", async () => {
  const limit = ["--max-tokens", "3", "--json"];

  const several = JSON.parse((await assay("generate", llama, "--prompt", "Hi", "--prompt", "You", ...limit)).printed);
  const ids = JSON.parse((await assay("generate", llama, "--ids", "1,37,12", ...limit)).printed);
  const chat = JSON.parse((await assay("generate", llama, "--prompt", "Hi", "--chat", ...limit)).printed);
  const people = await assay("generate", llama, "--prompt", "Hi", "--prompt", "You", "--max-tokens", "3");

  expect(several.generations[0].ids).toEqual(ids.ids);
  expect(chat.promptTokens).toBeGreaterThan(ids.promptTokens);
  expect(people.printed).toContain(several.generations[1].text);
});

test.each([
  [["trace", llama], "Expected --text, --ids or --picture"],
  [["score", llama, "--prompt", "Hi"], "Expected at least one --continuation"],
  [["generate", llama], "Expected either --prompt or --ids"],
  [
    ["generate", llama, "--prompt", "Hi", "--greedy", "--temperature", "1"],
    "Expected either --greedy or --temperature",
  ],
  [["trace", llama, "--ids", "1,x"], "Expected --ids to be whole numbers"],
  [["inspect", llama, "--memory", "much"], "Expected --memory to be a size"],
])("assay model %j is a usage error", async (args, message) => {
  const { code, told } = await assay(...args);

  expect(code).toBe(2);
  expect(told).toContain(message);
});

test("assay model generate --chat says that a base model has no template", async () => {
  const gpt2 = join(llama, "../gpt2");

  expect(await assay("generate", gpt2, "--prompt", "Hi", "--chat")).toMatchObject({ code: 2 });
});

test("byteCount() reads sizes as people write them", () => {
  expect([byteCount("8GB"), byteCount("1.5 kb"), byteCount("2MiB"), byteCount("77")]).toEqual([8e9, 1500, 2 ** 21, 77]);
});

test("idList() refuses what is no list of ids", () => {
  expect(idList("1, 2,3")).toEqual([1, 2, 3]);
  for (const text of ["", "1,", "-1", "1.5"]) expect(() => idList(text)).toThrow("Expected --ids");
});
