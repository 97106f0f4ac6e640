export {
  type CutMiddleOptions,
  cutMiddle,
  fillInTheMiddle,
  type MiddleOrder,
  type MiddleParts,
  middlePrompt,
  middleSentinels,
} from "./fill-in-the-middle.ts";
export { type SourceGroup, type SourceSplit, sourceGroups } from "./groups.ts";
export { heldOutTexts } from "./held-out.ts";
export { type NearDuplicatesOptions, nearDuplicates } from "./near-duplicates.ts";
export { type PackageSourcesOptions, packageSources, type SourceText } from "./packages.ts";
