/** Facts that a model can be asked about, and why others cannot. */
import type { LanguageModel } from "#models";
import { type Facts, filled, type Language, type LeftOut, type SaidFact, type StudyFact } from "./fact.ts";

/** The first facts, without the languages in which they are too long for the model's context. */
export function readableFacts(model: LanguageModel, facts: Facts, limit?: number | null): Facts {
  const leftOut: LeftOut[] = [...facts.leftOut];
  const list = facts.list.slice(0, limit ?? undefined).map((fact): StudyFact => {
    const fitting = (Object.entries(fact.said) as [Language, SaidFact][]).filter(([language, said]) => {
      const reason =
        longestText(model, said, fact) > model.config.contextLength ? "longer than the model's context" : undefined;
      if (reason !== undefined) leftOut.push({ id: fact.id, language, reason });
      return reason === undefined;
    });
    return { ...fact, said: Object.fromEntries(fitting) };
  });
  return { ...facts, list: list.filter(({ said }) => Object.keys(said).length > 0), leftOut };
}

/** Tokens of the longest text that a fact is read by: any of its prompts before any language's name of an object. */
function longestText(model: LanguageModel, said: SaidFact, fact: StudyFact): number {
  const tokenizer = model.requireTokenizer();
  const length = (text: string) => tokenizer.encode(text.normalize("NFC")).length;
  const prompts = [filled(said.prompt, said.subject), ...said.paraphrases, ...said.hops.map(({ prompt }) => prompt)];
  const objects = [
    ...Object.values(fact.said).map((one) => one.newObject),
    said.oldObject,
    ...said.candidates,
    ...said.hops.flatMap(({ before, after }) => [before, after]),
  ];
  const own = Math.max(...prompts.map(length)) + Math.max(...objects.map((object) => length(` ${object}`)));
  const near = [...said.neighbours, ...said.unrelated].map(
    ({ prompt, object }) => length(prompt) + Math.max(length(` ${object}`), length(` ${said.newObject}`)),
  );
  return Math.max(own, ...near);
}
