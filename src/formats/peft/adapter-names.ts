import { AssayError } from "#base";

/** What a tensor of `adapter_model.safetensors` is: a half of an update, or a weight that was trained whole. */
export type AdapterPart =
  | { readonly kind: "down" | "up"; readonly module: string; readonly embedding: boolean }
  | { readonly kind: "saved"; readonly name: string };

const prefix = "base_model.model.";
const half = /^(.+)\.lora_(embedding_)?([AB])(?:\.(?!weight$)\w+)?(?:\.weight)?$/;
const foreign = /\.(lora_magnitude_vector|lora_[AB](?:\.\w+)?\.bias)\b/;

/** Reads a tensor's name. @throws AssayError ADAPTER_UNSUPPORTED for names of no plain LoRA adapter */
export function parseAdapterName(name: string, path: string): AdapterPart {
  if (!name.startsWith(prefix) || foreign.test(name)) {
    const claim = `Expected ${prefix}<module>.lora_A.weight and the like in ${path}, got "${name}"`;
    throw new AssayError("ADAPTER_UNSUPPORTED", `peft: ${claim}`);
  }
  const rest = name.slice(prefix.length);
  const [, module, embedding, letter] = half.exec(rest) ?? [];
  if (module === undefined)
    return { kind: "saved", name: rest.replace(/\.(modules_to_save(\.default)?|base_layer)(?=\.)/, "") };
  return { kind: letter === "A" ? "down" : "up", module, embedding: embedding !== undefined };
}

/** The name that PEFT gives a tensor. */
export function adapterName(part: AdapterPart): string {
  if (part.kind === "saved") return `${prefix}${part.name}`;
  const letter = part.kind === "down" ? "A" : "B";
  return `${prefix}${part.module}${part.embedding ? `.lora_embedding_${letter}` : `.lora_${letter}.weight`}`;
}
