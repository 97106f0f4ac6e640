import type { Command } from "commander";
import { UsageError } from "#base";
import { renderChat } from "#formats";
import { type GenerateOptions, type Generation, generate, type LanguageModel } from "#models";
import { visible } from "#report";
import { collect, positiveNumber, wholeNumber } from "../../assignments.ts";
import { type Desk, printJson } from "../../desk.ts";
import { addOpenOptions, type OpenFlags, openModel } from "./open.ts";
import { idList } from "./trace.ts";

interface GenerateFlags extends OpenFlags {
  readonly prompt?: readonly string[];
  readonly ids?: readonly number[];
  readonly maxTokens: number;
  readonly greedy?: boolean;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed: number;
  readonly stop?: readonly string[];
  readonly chat?: boolean;
}

/** `assay model generate MODEL`: continues prompts. */
export function addGenerate(program: Command, desk: Desk): void {
  addOpenOptions(program.command("generate"))
    .option("--prompt <text>", "what is continued; repeat for more", collect)
    .option("--ids <ids>", "token ids instead of a prompt: 1,2,3", idList)
    .option("--chat", "put the prompt into the model's chat template")
    .option("--max-tokens <n>", "tokens for each prompt", wholeNumber("--max-tokens", 1), 64)
    .option("--greedy", "always the likeliest token: the default without --temperature")
    .option("--temperature <t>", "draw tokens; 1 for the model's own probabilities", positiveNumber("--temperature"))
    .option("--top-k <n>", "draw from so many of the likeliest", wholeNumber("--top-k", 1))
    .option("--top-p <p>", "draw from the likeliest that together have this probability", positiveNumber("--top-p"))
    .option("--seed <n>", "seed of the draws", wholeNumber("--seed"), 0)
    .option("--stop <text>", "end before this text; repeat for more", collect)
    .description("continue prompts, streaming to the terminal")
    .action(async (place: string, flags: GenerateFlags) => {
      const prompts = flags.ids === undefined ? (flags.prompt ?? []) : [flags.ids];
      expectFlags(flags, prompts.length);
      using model = await openModel(place, flags, desk);
      const given = flags.chat ? prompts.map((prompt) => chatIds(model, String(prompt))) : prompts;
      const isStreaming = flags.json !== true && prompts.length === 1 && model.tokenizer !== undefined;
      const onToken = isStreaming ? ({ delta }: { delta: string }) => desk.printPart(visible(delta)) : undefined;
      const found = await generate(model, given, { ...samplingOf(flags), ...(onToken && { onToken }) });
      if (flags.json) printGenerations(found, desk);
      else if (isStreaming) desk.print("");
      else for (const { text, ids } of found) desk.print(visible(text ?? ids.join(",")));
    });
}

function expectFlags({ prompt, ids, greedy, temperature }: GenerateFlags, prompts: number): void {
  if (prompts === 0 || (prompt !== undefined && ids !== undefined)) {
    throw new UsageError("PROMPT_MISSING", "generate: Expected either --prompt or --ids, got both or neither");
  }
  if (greedy && temperature !== undefined) {
    throw new UsageError("SAMPLING_CONFLICT", "generate: Expected either --greedy or --temperature, got both");
  }
}

/** A process that answers once has no second call that gains from built-in weights. */
const tokensWorthFreezing = 128;

function samplingOf({ maxTokens, temperature = 0, topK, topP, seed, stop = [] }: GenerateFlags): GenerateOptions {
  return {
    maxTokens,
    temperature,
    seed,
    stop,
    ...(maxTokens < tokensWorthFreezing ? { freeze: false } : {}),
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined ? {} : { topP }),
  };
}

/** The template writes the special tokens itself. */
function chatIds(model: LanguageModel, prompt: string): number[] {
  if (model.chatTemplate === undefined) {
    throw new UsageError(
      "CHAT_TEMPLATE_MISSING",
      `${model.name}: Expected a chat template, found none; leave --chat out`,
    );
  }
  const { source, ...tokens } = model.chatTemplate;
  const text = renderChat(source, [{ role: "user", content: prompt }], { addGenerationPrompt: true, ...tokens });
  return model.requireTokenizer().encode(text, { special: false });
}

function printGenerations(found: readonly Generation[], desk: Desk): void {
  const generations = found.map(({ text, ...rest }) => ({ text: text ?? null, ...rest }));
  printJson(desk, "model generate", generations.length === 1 ? generations[0]! : { generations });
}
