import { basename, join } from "node:path";
import { AssayError, suggestion } from "#base";
import { firstFile, listFolder, readTextFile } from "../files/text-file.ts";
import { readJsonObject, readTokenizerConfig, textOf } from "../tokenizers/tokenizer-files.ts";

/** A chat template with the tokens that it writes around a conversation. */
export interface ChatTemplate {
  readonly source: string;
  readonly bosToken?: string;
  readonly eosToken?: string;
}

const unnamed = "default";
const further = "additional_chat_templates";

/**
 * The chat templates of a Hugging Face folder by name; one without a name is called `default`. The file
 * `chat_template.jinja` counts more than the field in `tokenizer_config.json`, as in transformers.
 *
 * @throws AssayError TOKENIZER_INVALID
 */
export function readChatTemplates(folder: string): ReadonlyMap<string, string> {
  const field = readTokenizerConfig(folder).chat_template ?? fieldOfFile(join(folder, "chat_template.json"));
  const templates = new Map(fieldTemplates(field, folder));
  const own = firstFile([join(folder, "chat_template.jinja")]);
  if (own !== undefined) templates.set(unnamed, readTextFile(own));
  for (const path of furtherFiles(folder)) templates.set(basename(path, ".jinja"), readTextFile(path));
  return templates;
}

function fieldOfFile(path: string): unknown {
  return firstFile([path]) === undefined ? undefined : readJsonObject(path).chat_template;
}

function fieldTemplates(field: unknown, folder: string): [name: string, template: string][] {
  if (field === undefined || field === null) return [];
  if (typeof field === "string") return [[unnamed, field]];
  const named = Array.isArray(field)
    ? field.map((one: { name?: unknown; template?: unknown } | null) => [one?.name, one?.template])
    : Object.entries(field);
  const isText =
    typeof field === "object" &&
    named.every(([name, template]) => typeof name === "string" && typeof template === "string");
  if (isText) return named as [string, string][];
  throw new AssayError(
    "TOKENIZER_INVALID",
    `chat: Expected chat_template in ${folder} to be text or named texts, got another value`,
  );
}

function furtherFiles(folder: string): string[] {
  const inside = listFolder(folder).filter(({ name }) => name.startsWith(`${further}/`) && name.endsWith(".jinja"));
  return inside.map(({ name }) => join(folder, name));
}

/**
 * One chat template of a folder with the tokens of its tokenizer.
 *
 * @throws AssayError CHAT_TEMPLATE_MISSING, naming those that there are
 * @example const { source, ...tokens } = loadChatTemplate("./folder"); renderChat(source, messages, tokens)
 */
export function loadChatTemplate(folder: string, name: string = unnamed): ChatTemplate {
  const templates = readChatTemplates(folder);
  const source = templates.get(name);
  if (source === undefined) throw missing(folder, name, [...templates.keys()]);
  const { bos_token, eos_token } = readTokenizerConfig(folder);
  const [bosToken, eosToken] = [textOf(bos_token), textOf(eos_token)];
  return { source, ...(bosToken === undefined ? {} : { bosToken }), ...(eosToken === undefined ? {} : { eosToken }) };
}

function missing(folder: string, name: string, known: readonly string[]): AssayError {
  const reason = known.length === 0 ? "found none; a base model has none" : `found none${suggestion(name, known)}`;
  return new AssayError("CHAT_TEMPLATE_MISSING", `chat: Expected a chat template "${name}" in ${folder}, ${reason}`);
}
