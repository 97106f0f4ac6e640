export type { AnswerFile, ReportOptions, ScoredFile, StudyModule } from "./module.ts";
export { loadStudy, type StudyId, studyIds } from "./registry.ts";
