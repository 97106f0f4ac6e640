import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Tensor } from "#base";
import { createLora, withAdapters } from "#methods/adapters";
import { exportModel, trace } from "#models";
import { openFixture, someIds } from "./fixtures.ts";

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-export-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * A program that knows ONNX Runtime and nothing of Assay: runs a batch in the given portions, each with the past of those
 * before. A null is a place that is filled up; positions count the tokens, as transformers does it.
 */
const stranger = `
import * as ort from "onnxruntime-node";
const { file, portions, layers, heads, size } = JSON.parse(process.argv[1]);
const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
const rows = portions[0].length;
const int64 = (values) => new ort.Tensor("int64", BigInt64Array.from(values.flat(), BigInt), [rows, values[0].length]);
let past = Object.fromEntries(Array.from({ length: layers }, (_, at) => ["key", "value"].map((part) => [
  "past_key_values." + at + "." + part, new ort.Tensor("float32", new Float32Array(0), [rows, heads, 0, size])])).flat());
let mask = Array.from({ length: rows }, () => []);
const logits = [];
for (const ids of portions) {
  const before = mask;
  mask = mask.map((row, at) => [...row, ...ids[at].map((id) => (id === null ? 0 : 1))]);
  const places = mask.map((row, at) => row.map((_, place) => Math.max(0, row.slice(0, place).reduce((a, b) => a + b, 0))).slice(before[at].length));
  const feeds = { input_ids: int64(ids.map((row) => row.map((id) => id ?? 0))), attention_mask: int64(mask), position_ids: int64(places), ...past };
  const found = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]])));
  logits.push({ shape: found.logits.dims, data: [...found.logits.data] });
  past = Object.fromEntries(Object.keys(past).map((name) => [name, found[name.replace("past_key_values", "present")]]));
}
process.stdout.write(JSON.stringify({ logits, inputs: session.inputNames, outputs: session.outputNames }));
`;

interface Said {
  readonly logits: { readonly shape: number[]; readonly data: number[] }[];
  readonly inputs: string[];
  readonly outputs: string[];
}

function runElsewhere(job: Readonly<Record<string, unknown>>): Said {
  const root = join(import.meta.dirname, "../..");
  const script = ["--input-type=module", "-e", stranger, JSON.stringify(job)];
  return JSON.parse(execFileSync(process.execPath, script, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 }));
}

/** The logits of the tokens of one row, over all portions. */
const rowOf = ({ logits }: Said, row: number, isToken: (place: number) => boolean = () => true): number[] => {
  const places = logits.flatMap(({ shape: [, tokens, size], data }) =>
    Array.from({ length: tokens! }, (_, at) =>
      data.slice((row * tokens! + at) * size!, (row * tokens! + at + 1) * size!),
    ),
  );
  return places.filter((_, place) => isToken(place)).flat();
};

const farthest = (a: readonly number[], { data }: Tensor): number =>
  Math.max(...a.map((value, at) => Math.abs(value - Number(data[at]))));

test.each(["llama", "gpt2", "neox", "olmo", "mistral", "gemma", "gemma2", "qwen2", "qwen3"])(
  "exportModel() writes %s as a file that gives the same logits in ONNX Runtime, whole and with its past",
  async (name) => {
    const model = await openFixture(name);
    const file = join(emptyFolder(), "model.onnx");
    const ids = someIds(11);
    const { layers, keyValueHeads: heads, headSize: size } = model.config;

    const { inputs, outputs, files } = exportModel(model, file);
    const whole = runElsewhere({ file, portions: [[ids]], layers, heads, size });
    const portions = [[ids.slice(0, 6)], ...ids.slice(6).map((id) => [[id]])];
    const cached = runElsewhere({ file, portions, layers, heads, size });

    const { taps } = await trace(model, { ids });
    expect(files).toEqual([file]);
    expect([inputs, outputs]).toEqual([whole.inputs, whole.outputs]);
    expect(inputs).toContain("past_key_values.1.value");
    expect(outputs).toEqual(["logits", "present.0.key", "present.0.value", "present.1.key", "present.1.value"]);
    expect(rowOf(whole, 0)).toHaveLength(taps.logits!.data.length);
    expect(farthest(rowOf(whole, 0), taps.logits!)).toBeLessThan(2e-5);
    expect(farthest(rowOf(cached, 0), taps.logits!)).toBeLessThan(1e-4);
  },
  30_000,
);

test.each(["llama", "gpt2", "neox", "olmo", "mistral", "gemma", "gemma2", "qwen2", "qwen3"])(
  "exportModel() writes %s with an attention mask: filled up in front or behind, a text has the logits that it has alone",
  async (name) => {
    const model = await openFixture(name);
    const file = join(emptyFolder(), "model.onnx");
    const { layers, keyValueHeads: heads, headSize: size } = model.config;
    const [long, short] = [someIds(9), someIds(5, 2)];
    const empty = [null, null, null, null];

    exportModel(model, file);
    // The first five places at once, the others one after another with their past.
    const steps = (row: readonly (number | null)[]) => [row.slice(0, 5), ...row.slice(5).map((id) => [id])];
    const [front, other] = [steps([...empty, ...short]), steps(long)];
    const inFront = runElsewhere({ file, portions: front.map((row, at) => [row, other[at]]), layers, heads, size });
    const behind = runElsewhere({ file, portions: [[[...short, ...empty], long]], layers, heads, size });

    const [alone, whole] = [await trace(model, { ids: short }), await trace(model, { ids: long })];
    expect(
      farthest(
        rowOf(inFront, 0, (place) => place >= 4),
        alone.taps.logits!,
      ),
    ).toBeLessThan(1e-4);
    expect(farthest(rowOf(inFront, 1), whole.taps.logits!)).toBeLessThan(1e-4);
    expect(
      farthest(
        rowOf(behind, 0, (place) => place < 5),
        alone.taps.logits!,
      ),
    ).toBeLessThan(1e-4);
    expect(farthest(rowOf(behind, 1), whole.taps.logits!)).toBeLessThan(1e-4);
  },
  30_000,
);

test("exportModel() keeps large tensors in a file beside the model, and writes adapters with it", async () => {
  const base = await openFixture("llama");
  const adapter = createLora(base, { rank: 2 });
  for (const { up } of Object.values(adapter.matrices)) up.data.fill(0.3);
  const model = withAdapters(base, { taught: { adapter } });
  const file = join(emptyFolder(), "model.onnx");
  const ids = someIds(5);

  const { files } = exportModel(model, file, { external: true });
  const found = runElsewhere({ file, portions: [[ids]], layers: 2, heads: 2, size: 4 });

  const { taps } = await trace(model, { ids });
  expect(files).toEqual([file, `${file}.data`]);
  expect(existsSync(`${file}.data`)).toBe(true);
  expect(statSync(`${file}.data`).size).toBeGreaterThan(10_000);
  expect(farthest(rowOf(found, 0), taps.logits!)).toBeLessThan(2e-5);
});

test("exportModel() asks for weights in memory", async () => {
  const model = await openFixture("llama", { memory: 0 });

  expect(() => exportModel(model, join(emptyFolder(), "model.onnx"))).toThrow(/Expected weights in memory/);
});
