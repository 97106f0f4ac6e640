export { codeBlock } from "./answers/code-block.ts";
export { type NamedFilesOptions, namedFiles, type ReplyProfile } from "./answers/named-files.ts";
export { type ReadRepairOptions, type Repair, readRepair, renderBlocks, type ShownBlock } from "./answers/repair.ts";
export { type AnswerStore, type AskAllOptions, askAll, type ScoredAnswer } from "./ask.ts";
export type { AskContext } from "./asking/attempts.ts";
export type { AskProgress, AskSummary, Stop, StopReason } from "./asking/session.ts";
export { type AnswerCache, cacheKey, isCacheable, memoryCache } from "./cache.ts";
export { type CommentedCode, commentRemover } from "./code/comments.ts";
export { definitionSieve } from "./code/definition-sieve.ts";
export { type CodeLanguage, endingsOf, languageOf, mainLanguage } from "./code/languages.ts";
export { type CodeNames, codeNames, type NameInCode } from "./code/names.ts";
export {
  type ComposedContext,
  type ContextOptions,
  completionPrompt,
  composeContext,
  predictedLine,
} from "./context/compose.ts";
export {
  type ComposeOptions,
  type Composer,
  type ComposerName,
  composers,
  type Embed,
  lineComposers,
} from "./context/composers.ts";
export { declarations } from "./context/declarations.ts";
export { diffText, type FileChange } from "./context/diff-text.ts";
export { type OfferedFiles, offeredFiles, type RepositoryFile, type TextFile } from "./context/files.ts";
export { importedPaths } from "./context/imports.ts";
export { logExcerpt } from "./context/log-excerpt.ts";
export { controlSubject } from "./controls.ts";
export { type Environment, mergeEnvironment } from "./environment.ts";
export { type PriceTable, priceOf, priceTable, readPriceTable } from "./prices.ts";
export { createRedactor, type Redactor, secretsIn } from "./redact.ts";
export { type Bm25, type Bm25Options, bm25, bm25Signature } from "./retrieval/bm25.ts";
export { pathDistance } from "./retrieval/path-distance.ts";
export { ranked } from "./retrieval/ranked.ts";
export { type RankingTask, readRanking, type Tokenizer } from "./retrieval/read-ranking.ts";
export { tfIdf } from "./retrieval/tf-idf.ts";
export { instructionWords, nameWords, plainWords } from "./retrieval/words.ts";
export { type BudgetOptions, costUsd, type Price, type Spending } from "./scheduler/budget.ts";
export { type Clock, systemClock } from "./scheduler/clock.ts";
export { type Failure, SubjectError } from "./scheduler/failure.ts";
export { Scheduler, type SchedulerOptions } from "./scheduler/scheduler.ts";
export { estimateUsage, type Usage } from "./scheduler/usage.ts";
export {
  parseSubjectName,
  type ResolveOptions,
  resolveSubject,
  type SubjectKind,
  type SubjectKinds,
  type SubjectScheme,
} from "./subjects/resolve.ts";
export { secretNames } from "./subjects/services.ts";
