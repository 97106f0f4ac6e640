export { type CompareOptions, type Comparison, compareRuns, type Side } from "./compare.ts";
export { compareRecords, hasAnswers, type RecordComparison } from "./compare-records.ts";
export { type ConductOptions, conduct, judge } from "./conduct.ts";
export { type GroupCount, groupCounts } from "./counts.ts";
export { assayHome } from "./home.ts";
export { createRun, listRuns, openRun, type RunSummary, summaryOf, takeUpRun } from "./ledger.ts";
export { codeVersion, identityOf, type Manifest } from "./manifest.ts";
export { isRefusal } from "./refusal.ts";
export { resultHash } from "./result-hash.ts";
export { type AnsweredSample, Run, type RunEvent, type ScoredAnswer, type SubjectUsage } from "./run.ts";
export {
  defineSettings,
  type Preset,
  presets,
  resolveSettings,
  resumableSettings,
  type Setting,
  type SettingsOf,
  type SettingsTable,
  show as showSetting,
  thawSettings,
} from "./settings.ts";
export type { OpenOptions } from "./store/database.ts";
export { moveAside } from "./store/move-aside.ts";
export { type RunStatus, Store } from "./store/store.ts";
export {
  type AskedSamples,
  defineStudy,
  type Lab,
  type Paper,
  type Plan,
  type PlanRequest,
  type Study,
} from "./study.ts";
