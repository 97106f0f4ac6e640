export { claims } from "./claims.ts";
export type { Asked, Concepts, StudyConcept } from "./concept.ts";
export { type AnswerScore, goldRecall, isDegenerate, scoreAnswer } from "./measures.ts";
export type { OfficialRecord } from "./official-record.ts";
export { scoreAnswers } from "./score-file.ts";
export { type Settings, settings } from "./settings.ts";
export { readOfficialRecords } from "./source-official.ts";
export { default as conceptVectors } from "./study.ts";
