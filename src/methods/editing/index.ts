/** Editing facts: ROME, R-ROME, MEMIT and what surrounds them; edits are patches that can be taken back. */
export type { EditStorage } from "./add-update.ts";
export { applyPatches } from "./apply-patch.ts";
export type { Edited } from "./certify.ts";
export {
  type ClosedForm,
  leastAlignment,
  type RankOneFact,
  type RankOneForm,
  rankOneForm,
  type SpreadFacts,
  spreadForm,
} from "./closed-form.ts";
export { type AppliedPatch, type EditLedger, readEditLedger } from "./edit-ledger.ts";
export { applyToFolder, type RevertOptions, revertFolder } from "./edited-folder.ts";
export { type EditedText, type EditToken, type EncodedRequest, encodeRequest } from "./encode.ts";
export { type EstimateOptions, estimateMoment } from "./estimate.ts";
export { type FineTuneLayerOptions, fineTuneLayer } from "./fine-tune-layer.ts";
export { fingerprint, type WeightsFingerprint } from "./fingerprint.ts";
export type { FolderChange } from "./folder-state.ts";
export { type JointOptions, jointEdit } from "./joint.ts";
export {
  type EditLanguage,
  type EditLanguageTexts,
  editLanguages,
  isEditLanguage,
  readEditLanguage,
} from "./languages.ts";
export type { EditObjective } from "./later-blocks.ts";
export { locateSubject, type PlacedSubject, type UnplacedSubject } from "./locate.ts";
export { type MemitOptions, memit } from "./memit.ts";
export { readKeys, type TextPosition } from "./observe.ts";
export { type FoundTarget, optimizeTargets, type TargetOptions, type TargetSettings } from "./optimize.ts";
export type {
  CertifiedMatrix,
  CertifiedRequest,
  DenseChange,
  LowRankFactors,
  Patch,
  PatchCertificate,
  PatchUpdate,
} from "./patch.ts";
export { loadPatch, savePatch } from "./patch-file.ts";
export { type PrefixOptions, samplePrefixes } from "./prefixes.ts";
export { type PreparedRequests, type PrepareOptions, prepareRequests } from "./prepare.ts";
export { type ObjectReading, readObjects } from "./read-out.ts";
export type { EditRequest, PlacedRequest } from "./request.ts";
export { type RomeOptions, rome } from "./rome.ts";
export { type LayerScan, type ScanOptions, scanLayers } from "./scan-layers.ts";
export {
  type ExcludedRequest,
  type ExclusionReason,
  exclusionReasons,
  expectEditable,
  type ScreenedRequests,
  type ScreenOptions,
  screenRequests,
} from "./screen.ts";
export {
  editSettings,
  type MemitSettings,
  type RomeSettings,
  type SettingsRow,
  settingsFor,
} from "./settings.ts";
export {
  identityStatistics,
  type KeyStatistics,
  keyStatistics,
  type SecondMoment,
  type StatisticsOptions,
} from "./statistics.ts";
