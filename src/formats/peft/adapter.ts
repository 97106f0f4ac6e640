import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { AssayError, type Tensor } from "#base";
import { openCheckpoint } from "../checkpoints/open-checkpoint.ts";
import type { StorageType } from "../checkpoints/storage-types.ts";
import { writeAtomically } from "../files/draft-file.ts";
import { readTextFile } from "../files/text-file.ts";
import { exactText, parseObject } from "../model-folders/exact-json.ts";
import { sourceOf, writeSafetensors } from "../safetensors/write-file.ts";
import { type AdapterConfig, adapterJson, parseAdapterConfig, ranksOf, scalingOf } from "./adapter-config.ts";
import { adapterName, parseAdapterName } from "./adapter-names.ts";

/**
 * An update of one weight by two thin matrices.
 *
 *     W ← W + s · B · A
 */
export interface LowRankUpdate {
  /** A, [r, in]; for an embedding [r, vocabulary]. */
  readonly down: Tensor;
  /** B, [out, r]. */
  readonly up: Tensor;
  /** s */
  readonly scaling: number;
  readonly embedding: boolean;
}

/** A PEFT adapter: which modules it updates and how. */
export interface Adapter {
  readonly config: AdapterConfig;
  /** By the module's path in the base model. */
  readonly updates: ReadonlyMap<string, LowRankUpdate>;
  /** Weights that were trained whole, by their names in the base model. */
  readonly saved: ReadonlyMap<string, Tensor>;
}

const configName = "adapter_config.json";
const weightsName = "adapter_model.safetensors";

/** Reads a folder that PEFT wrote. @throws AssayError FILE_MISSING, ADAPTER_UNSUPPORTED, ADAPTER_INVALID, CHECKPOINT_… */
export function readAdapter(folder: string): Adapter {
  const path = join(folder, configName);
  const config = parseAdapterConfig(parseObject(readTextFile(path), path), path);
  const halves = { down: new Map<string, Tensor>(), up: new Map<string, Tensor>() };
  const embeddings = new Set<string>();
  const saved = new Map<string, Tensor>();
  using weights = openCheckpoint(weightsFile(folder));
  for (const name of weights.tensors.keys()) {
    const part = parseAdapterName(name, weights.path);
    if (part.kind === "saved") saved.set(part.name, weights.read(name));
    else halves[part.kind].set(part.module, weights.read(name));
    if (part.kind !== "saved" && part.embedding) embeddings.add(part.module);
  }
  const modules = [...new Set([...halves.down.keys(), ...halves.up.keys()])];
  const updates = modules.map((module) => {
    const [down, up] = [halves.down.get(module), halves.up.get(module)];
    return [module, checked(module, { down, up, embedding: embeddings.has(module), config })] as const;
  });
  return { config, updates: new Map(updates), saved };
}

const weightsFile = (folder: string): string =>
  [weightsName, "adapter_model.bin"].map((name) => join(folder, name)).find((path) => existsSync(path)) ??
  join(folder, weightsName);

interface Halves {
  readonly down: Tensor | undefined;
  readonly up: Tensor | undefined;
  readonly embedding: boolean;
  readonly config: AdapterConfig;
}

function checked(module: string, { down, up, embedding, config }: Halves): LowRankUpdate {
  const { rank } = ranksOf(config, module);
  const fits = down?.shape.length === 2 && up?.shape.length === 2 && down.shape[0] === rank && up.shape[1] === rank;
  if (fits) return { down, up, embedding, scaling: scalingOf(config, module) };
  const shapes = [down, up].map((tensor) => (tensor ? `[${tensor.shape.join(", ")}]` : "none")).join(" and ");
  const claim = `Expected A [${rank}, in] and B [out, ${rank}] for "${module}", got ${shapes}`;
  throw new AssayError("ADAPTER_INVALID", `peft: ${claim}; ${configName} and the weights disagree`);
}

/** How an adapter is written. */
export interface WriteAdapterOptions {
  /** The number type of its tensors. Default F32. */
  readonly storage?: StorageType;
}

/** Writes a folder that PEFT reads. @throws AssayError ADAPTER_INVALID when a scaling is none that PEFT would compute */
export function writeAdapter(folder: string, adapter: Adapter, { storage }: WriteAdapterOptions = {}): void {
  const { config, updates, saved } = adapter;
  const sources = [...updates].flatMap(([module, update]) => {
    const { down, up, embedding, scaling } = update;
    const expected = checked(module, { down, up, embedding, config }).scaling;
    if (Math.abs(expected - scaling) > 1e-9 * Math.abs(expected)) throw wrongScaling(module, { expected, scaling });
    return [
      sourceOf(adapterName({ kind: "down", module, embedding }), down, storage),
      sourceOf(adapterName({ kind: "up", module, embedding }), up, storage),
    ];
  });
  const whole = [...saved].map(([name, tensor]) => sourceOf(adapterName({ kind: "saved", name }), tensor, storage));
  mkdirSync(folder, { recursive: true });
  writeSafetensors(join(folder, weightsName), [...sources, ...whole], { metadata: { format: "pt" } });
  writeAtomically(join(folder, configName), (append) => append(Buffer.from(exactText(adapterJson(config)))));
}

function wrongScaling(module: string, { expected, scaling }: { expected: number; scaling: number }): AssayError {
  const claim = `Expected the scaling ${expected} that rank and alpha give for "${module}", got ${scaling}`;
  return new AssayError("ADAPTER_INVALID", `peft: ${claim}; set them in alphaPattern`);
}
