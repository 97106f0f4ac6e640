export {
  type Arm,
  armSizes,
  arms,
  type ConceptQuestion,
  cipherQuestions,
  type EncyclopediaConcept,
  encyclopedia,
  genericTexts,
  inCipher,
  questionPrompt,
  questionsAbout,
  textsAbout,
} from "./encyclopedia.ts";
export type { Relation } from "./words.ts";
