export { claims } from "./claims.ts";
export type { Asked, Concepts, StudyConcept } from "./concept.ts";
export { type AnswerScore, goldRecall, isDegenerate, scoreAnswer } from "./measures.ts";
export { scoreAnswers } from "./score-file.ts";
export { type Settings, settings } from "./settings.ts";
export { type OfficialRecord, readOfficialRecords } from "./source-official.ts";
export { default as conceptVectors } from "./study.ts";
