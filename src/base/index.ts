export { AssayError, type AssayErrorOptions, invariant, UsageError } from "./errors.ts";
export { canonicalJson, hashOf, type Json, sha256 } from "./json.ts";
export { nearest, suggestion } from "./nearest.ts";
export { type ArrayOf, arrayTypes, type DType, isTensor, sizeOf, type Tensor, tensor, zeros } from "./tensor.ts";
export type {
  Answer,
  Certainty,
  Claim,
  Comparability,
  ErrorKind,
  FinishReason,
  ImagePart,
  Interval,
  MeasuredRecord,
  Part,
  PublishedColumn,
  PublishedTable,
  Question,
  Sample,
  Sampling,
  Score,
  Scorer,
  Subject,
  TextPart,
  TokenLogProb,
  Verdict,
  VerdictStatus,
} from "./words.ts";
