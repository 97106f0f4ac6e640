import { AssayError, suggestion } from "#base";

const settings =
  /^(config|generation_config|adapter_config|preprocessor_config|processor_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|chat_template|retrieval)\.json$|^(vocab|merges)\.txt$|^(tokenizer|spiece|sentencepiece\.bpe)\.model$|^chat_template\.jinja$|^additional_chat_templates\/[^/]+\.jinja$/;

/** Whether a file is a model's configuration, tokenizer or chat template. */
export const isSettingsFile = (path: string): boolean => settings.test(path);

/** Weights in the order of trust: what the first pattern finds makes the others superfluous. */
const weights = [
  /^(adapter_)?model(-\d{5}-of-\d{5})?\.safetensors(\.index\.json)?$/,
  /^[^/]+\.safetensors$/,
  /^(pytorch_model(-\d{5}-of-\d{5})?|adapter_model)\.bin(\.index\.json)?$/,
];

/** The files of a repository that a model needs: configuration, tokenizer, and weights in their safest form. */
export function neededFiles(paths: readonly string[]): string[] {
  const chosen = weights.map((pattern) => paths.filter((path) => pattern.test(path))).find((group) => group.length > 0);
  return paths.filter((path) => isSettingsFile(path) || chosen?.includes(path));
}

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\/-]/g, "\\$&");

/** Files by name, `*` for anything but a slash. @throws AssayError HUB_FILE_MISSING when a pattern finds none, naming the nearest */
export function namedFiles(paths: readonly string[], patterns: readonly string[]): string[] {
  const chosen = new Set<string>();
  for (const pattern of patterns) {
    const expression = new RegExp(`^${pattern.split("*").map(escaped).join("[^/]*")}$`);
    const found = paths.filter((path) => expression.test(path));
    if (found.length === 0) {
      throw new AssayError(
        "HUB_FILE_MISSING",
        `hub: Expected a file ${pattern} in the repository, found none${suggestion(pattern, paths)}`,
      );
    }
    for (const path of found) chosen.add(path);
  }
  return [...chosen];
}
