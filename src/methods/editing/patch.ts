/** An edit as something that can be kept, shown, applied and taken back: small factors and a certificate. */
import { canonicalJson, hashOf, type Json, sha256, type Tensor } from "#base";
import type { FoundTarget } from "./optimize.ts";
import type { EditRequest } from "./request.ts";

/** ΔW of one matrix as two thin ones, in our convention x · W. */
export interface LowRankFactors {
  readonly path: string;
  readonly kind: "low-rank";
  /** [I, r] */
  readonly down: Tensor<"float32">;
  /** [r, C] */
  readonly up: Tensor<"float32">;
}

/** ΔW of one matrix as it is, where an editor makes no thin one. */
export interface DenseChange {
  readonly path: string;
  readonly kind: "dense";
  /** [I, C] */
  readonly delta: Tensor<"float32">;
}

/** What is added to one matrix. */
export type PatchUpdate = LowRankFactors | DenseChange;

/** How one matrix was changed. */
export interface CertifiedMatrix {
  readonly path: string;
  readonly layer: number;
  readonly rank: number;
  /** SHA-256 of the matrix's numbers before and after. */
  readonly before: string;
  readonly after: string;
  /** The number type that the result was rounded to: that of the folder. */
  readonly storage: string;
  /** ‖ΔW‖_F, and its share of ‖W‖_F. */
  readonly norm: number;
  readonly relativeNorm: number;
  /** What C was at this layer. */
  readonly statistics: string;
  readonly condition: number | null;
  readonly ridge: number | null;
  /** Relative residual of the linear system that gave the change; null where there is none. */
  readonly residual: number | null;
}

/** What became of one request. */
export interface CertifiedRequest {
  readonly id: string;
  readonly request: EditRequest;
  /** Mean surprise of the object's tokens on the bare prompt, in nats. */
  readonly surprise: { readonly before: number; readonly after: number };
  /** Whether greedy decoding gives the object. */
  readonly isGreedy: boolean;
  /** ‖δ‖, ‖v₀‖, evaluations of the loss and the last one; null where no value was sought. */
  readonly target: {
    readonly deltaNorm: number;
    readonly originNorm: number;
    readonly evaluations: number;
    readonly loss: number;
  } | null;
  /** k₁ · u, where there is one direction. */
  readonly keyDotDirection: number | null;
}

/** What an edit was, and for which weights: travels with the factors. */
export interface PatchCertificate {
  readonly format: "assay-patch";
  readonly version: 1;
  readonly method: string;
  /** As the model was named. */
  readonly model: string;
  /** Hash of all weights that the edit was made for. */
  readonly base: string;
  readonly settings: Readonly<Record<string, Json>>;
  readonly matrices: readonly CertifiedMatrix[];
  readonly requests: readonly CertifiedRequest[];
  /** Requests that were left out, by reason. */
  readonly excluded: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** An edit: what is added to which matrices, and its certificate. */
export interface Patch {
  /** The first 16 digits of its hash. */
  readonly id: string;
  readonly updates: readonly PatchUpdate[];
  readonly certificate: PatchCertificate;
}

/** Makes a patch of its parts; equal parts, equal id. */
export function makePatch(updates: readonly PatchUpdate[], certificate: PatchCertificate): Patch {
  const hashes = updates.map((update) => [update.path, ...tensorsOf(update).map(([, tensor]) => bytesHash(tensor))]);
  return { id: hashOf([canonicalJson(certificate), hashes]).slice(0, 16), updates, certificate };
}

/** The tensors of a change by the names that a file has for them. */
export function tensorsOf(update: PatchUpdate): [name: string, tensor: Tensor<"float32">][] {
  if (update.kind === "dense") return [[`${update.path}.delta`, update.delta]];
  return [
    [`${update.path}.down`, update.down],
    [`${update.path}.up`, update.up],
  ];
}

const bytesHash = ({ data }: Tensor): string => sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));

/** What a certificate says of a value that was sought. */
export const certifiedTarget = (
  { losses }: FoundTarget,
  { deltaNorm, originNorm }: { readonly deltaNorm: number; readonly originNorm: number },
): CertifiedRequest["target"] => ({ deltaNorm, originNorm, evaluations: losses.length, loss: losses.at(-1)! });
