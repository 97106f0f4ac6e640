/** CounterFact in EasyEdit's layout: English cases with a paraphrase and a neighbour each. */
import { z } from "zod";
import { AssayError, sha256 } from "#base";
import { readTextFile } from "#formats";
import { type Facts, isSame, type SaidFact } from "./fact.ts";
import type { Settings } from "./settings.ts";
import { missingFiles } from "./source-bmlama.ts";

const counterfactCase = z.object({
  case_id: z.number(),
  prompt: z.string().min(1),
  target_new: z.string(),
  subject: z.string(),
  ground_truth: z.string(),
  rephrase_prompt: z.string().min(1),
  locality_prompt: z.string().min(1),
  locality_ground_truth: z.string(),
});

/** One case of the file. */
export type CounterfactRecord = z.infer<typeof counterfactCase>;

/** Reads the file. @throws AssayError FACTS_INVALID naming the case and its field */
export function readCounterfact(text: string, path: string): CounterfactRecord[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AssayError("FACTS_INVALID", `cross-lingual-editing: Expected JSON at ${path}, got other text`, { cause });
  }
  const result = z.array(counterfactCase).min(1).safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where =
    issue!.path.length === 0 ? path : `${path}, case ${String(issue!.path[0])}, field ${String(issue!.path[1] ?? "")}`;
  throw new AssayError(
    "FACTS_INVALID",
    `cross-lingual-editing: Expected CounterFact in EasyEdit's layout, got "${issue!.message}" in ${where}`,
  );
}

/** The cases of a file, in its order. @throws UsageError FACTS_MISSING; AssayError FILE_MISSING, FACTS_INVALID */
export function counterfactFacts({ facts: wanted, files: path }: Pick<Settings, "facts" | "files">): Facts {
  if (path === "") throw missingFiles("counterfact-edit-1k.json", "counterfact");
  const text = readTextFile(path);
  const cases = readCounterfact(text, path);
  const chosen = wanted === 0 ? cases : cases.slice(0, wanted);
  return {
    list: chosen.map((one) => ({
      id: `counterfact/${one.case_id}`,
      relation: "counterfact",
      said: { en: saidCase(one) },
    })),
    languages: ["en"],
    leftOut: [],
    texts: () => cases.map(({ prompt, ground_truth }) => `${prompt} ${ground_truth}`),
    lessons: () => cases.map(({ prompt, ground_truth }) => ({ prompt, completion: ` ${ground_truth}` })),
    identity: { source: "counterfact", file: sha256(text), cases: chosen.length },
    notes: [
      "CounterFact is English alone: the matrix has one cell, and nothing goes from one language to another",
      "this slice has one paraphrase and one neighbour a case, where the original has two and ten; it has no one-hop questions",
    ],
  };
}

function saidCase(one: CounterfactRecord): SaidFact {
  const near = { prompt: one.locality_prompt, object: one.locality_ground_truth };
  const isNeighbour = isSame(one.locality_ground_truth, one.ground_truth);
  return {
    subject: one.subject,
    prompt: one.prompt,
    paraphrases: [one.rephrase_prompt],
    oldObject: one.ground_truth,
    newObject: one.target_new,
    candidates: [one.ground_truth, one.target_new],
    neighbours: isNeighbour ? [near] : [],
    unrelated: isNeighbour ? [] : [near],
    hops: [],
  };
}
