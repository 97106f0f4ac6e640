/**
 * Loading, scoring and generating against transformers on PyTorch, where ASSAY_PYTHON names a Python that has both: one
 * random Llama of 60 million parameters from one folder, float32, the same number of threads. They take turns; what
 * counts is the median of the rounds' ratios.
 *
 * Run   node --conditions=assay-source bench/language-models.ts [--rounds N]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { stream, zeros } from "#base";
import { mapTree } from "#engine";
import { countParameters, families, generate, LanguageModel, loadModel, saveModel, score, sourceOf } from "#models";
import { type Contender, here, type Standing, takeTurns } from "./peers/rounds.ts";
import { startTorch } from "./peers/torch.ts";

const { values: flags } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, measure: { type: "string" } },
});
if (flags.measure !== undefined) {
  await measureLoading(flags.measure);
  process.exit();
}
const rounds = Number(flags.rounds);
const tokens = 32;
const torch = await startTorch(availableParallelism(), "language-models.py");
const folder = join(mkdtempSync(join(tmpdir(), "assay-bench-")), "llama");
const random = stream(0, "bench/language-models");
const ids = Array.from({ length: 128 }, () => random.int(8192));

/** In a process of its own: its largest memory while a model is loaded, less what it had before. */
async function measureLoading(place: string): Promise<void> {
  const before = process.memoryUsage.rss();
  await loadModel(place);
  console.log(process.resourceUsage().maxRSS * 1024 - before);
}

/** A Llama with something in every weight. */
function writeFolder(): number {
  const json = {
    ...{ model_type: "llama", architectures: ["LlamaForCausalLM"], hidden_size: 768, intermediate_size: 2048 },
    ...{ num_hidden_layers: 8, num_attention_heads: 12, num_key_value_heads: 4, vocab_size: 8192, hidden_act: "silu" },
    ...{ max_position_embeddings: 1024, rms_norm_eps: 1e-5, tie_word_embeddings: false, torch_dtype: "float32" },
  };
  const family = families.llama;
  const { config } = family.readConfig(json);
  const plan = family.weights(config, { has: () => false });
  const weights = mapTree(plan, ({ shape }) => {
    const drawn = zeros(shape as number[]);
    for (let at = 0; at < drawn.data.length; at++)
      drawn.data[at] = shape.length === 1 ? 1 : 0.06 * (random.next() - 0.5);
    return drawn;
  });
  const model = new LanguageModel({ name: "bench", family, config, plan, source: sourceOf(weights as never) });
  saveModel(model, folder, { config: json });
  return countParameters(plan);
}

function inTorch(kind: string): Contender[] {
  if (torch === null) return [];
  return [{ name: "transformers", seconds: () => torch.seconds({ kind, name: kind, folder, ids, tokens }) }];
}

const table: string[] = [];
function note(what: string, standings: readonly Standing[], rate?: number): void {
  const cells = standings.map(({ seconds }) =>
    rate === undefined ? `${(seconds * 1000).toFixed(0)} ms` : (rate / seconds).toFixed(1),
  );
  const ratio = standings[1] === undefined ? "" : (1 / standings[1].ratio).toFixed(2);
  table.push(`| ${what} | ${cells.join(" | ")} | ${ratio} |`);
}

const parameters = writeFolder();
const bytes = statSync(join(folder, "model.safetensors")).size;
const load = loadavg()[0]!.toFixed(2);
const self = fileURLToPath(import.meta.url);
const args = ["--conditions=assay-source", self, "--measure", folder];
const held = Number(execFileSync(process.execPath, args, { encoding: "utf8" })) / bytes;
const model = await loadModel(folder);
const text = { promptIds: ids.slice(0, 1), continuationIds: ids.slice(1) };
const loading = async () => (await loadModel(folder)).close();
const writing = (maxTokens: number) => generate(model, [ids], { maxTokens, ignoreEnd: true });
note("load", await takeTurns([here("assay", loading), ...inTorch("load")], rounds));
note(
  "score 128 tokens, tokens/s",
  await takeTurns([here("assay", () => score(model, [text])), ...inTorch("forward")], rounds),
  128,
);
note(
  "prefill 128 tokens, tokens/s",
  await takeTurns([here("assay", () => writing(1)), ...inTorch("prefill")], rounds),
  128,
);
note(
  `prefill 128 and decode ${tokens}, decoded tokens/s`,
  await takeTurns([here("assay", () => writing(tokens)), ...inTorch("generate")], rounds),
  tokens,
);
console.log(
  `Node ${process.versions.node}, PyTorch ${torch?.version ?? "absent"}, ${availableParallelism()} cores, load ${load}`,
);
console.log(
  `${parameters} parameters, ${(bytes / 1e6).toFixed(0)} MB; peak memory added by loading / file size: ${held.toFixed(3)}`,
);
console.log(["| what | assay | transformers | speed ratio |", "| --- | --- | --- | --- |", ...table].join("\n"));
torch?.end();
rmSync(join(folder, ".."), { recursive: true });
