import { type AtlasFact, type AtlasLanguage, atlasLanguages } from "./table.ts";
import { atlasTemplates } from "./templates.ts";
import type { AtlasSplit } from "./wordings.ts";

/** A fact said in one language and one wording, the answer last. */
export interface AtlasStatement {
  readonly fact: AtlasFact;
  readonly language: AtlasLanguage;
  readonly split: AtlasSplit;
  /** Which of the split's wordings it is. */
  readonly template: number;
  /** `The currency of Japan is the ___ →` */
  readonly prompt: string;
  /** What follows the prompt: a space and the answer's name. */
  readonly answer: string;
}

/** What stands between a statement and the answer to its blank. */
const arrow = " →";

/** A fact in one wording. */
export function atlasStatement(
  fact: AtlasFact,
  language: AtlasLanguage,
  { split, template }: { readonly split: AtlasSplit; readonly template: number },
): AtlasStatement {
  const wording = atlasTemplates[language][fact.relation][split][template]!;
  const prompt = `${wording.replace("{x}", () => fact.subjectNames[language])}${arrow}`;
  return { fact, language, split, template, prompt, answer: ` ${fact.answerNames[language]}` };
}

/** Every fact in every language and every wording of a split, in the order of facts, languages and wordings. */
export function atlasStatements(facts: readonly AtlasFact[], split: AtlasSplit): AtlasStatement[] {
  return facts.flatMap((fact) =>
    atlasLanguages.flatMap((language) =>
      atlasTemplates[language][fact.relation][split].map((_, template) =>
        atlasStatement(fact, language, { split, template }),
      ),
    ),
  );
}
