/** Writing a change into a model, and proving that it did what it was meant to do and nothing else. */
import { AssayError, type Json, type Tensor } from "#base";
import { leavesOf, mapTree } from "#engine";
import { openCheckpoint } from "#formats";
import type { LanguageModel, StoredWeight, WeightTensors } from "#models";
import { type EditStorage, updateNorm, withUpdates } from "./add-update.ts";
import type { EncodedRequest } from "./encode.ts";
import { fingerprint, fingerprintOf } from "./fingerprint.ts";
import { lengthOf } from "./optimize.ts";
import { type CertifiedMatrix, type CertifiedRequest, makePatch, type Patch, type PatchUpdate } from "./patch.ts";
import { type ObjectReading, readObjects } from "./read-out.ts";
import type { EditRequest } from "./request.ts";

/** A model that was edited. */
export interface Edited {
  /** Shares every weight that the edit leaves alone with the model it came from. */
  readonly model: LanguageModel;
  readonly patch: Patch;
}

/** What an editor found. */
export interface EditOutcome {
  readonly method: string;
  readonly settings: Readonly<Record<string, Json>>;
  readonly updates: readonly CertifiedUpdate[];
  readonly requests: readonly EditedRequest[];
  /** Where the model must move: `towards` the object when left out, or `away` from it where it is to be forgotten. */
  readonly direction?: "towards" | "away";
  /** Whether an edit that moves nothing is an error (default), or a result with a warning. */
  readonly effect?: "require" | "report";
  readonly excluded?: Readonly<Record<string, number>>;
  readonly warnings?: readonly string[];
}

/** A change with what its certificate says of it. */
export interface CertifiedUpdate {
  readonly update: PatchUpdate;
  readonly layer: number;
  readonly system: Pick<CertifiedMatrix, "statistics" | "condition" | "ridge" | "residual">;
}

/** A request with its texts and what was found for it. */
export interface EditedRequest {
  readonly encoded: EncodedRequest;
  readonly target: CertifiedRequest["target"];
  readonly keyDotDirection?: number;
}

/** Which number type a folder stores a weight in; F32 for a model that was made in memory. */
export function storageOfWeight({ folder, plan }: LanguageModel, path: string): EditStorage {
  if (folder === undefined) return "F32";
  const { name } = leavesOf<StoredWeight>(plan).get(path)!;
  using checkpoint = openCheckpoint(folder);
  const { storage } = checkpoint.entry(name);
  return storage === "F16" || storage === "BF16" ? storage : "F32";
}

/** The model with changes added to some matrices, rounded as its folder stores them. @throws AssayError PATH_UNKNOWN, SHAPE_MISMATCH, VALUE_OVERFLOW */
export function withPatched(model: LanguageModel, updates: readonly PatchUpdate[]): LanguageModel {
  const byPath = Map.groupBy(updates, ({ path }) => path);
  const leaves = leavesOf<Tensor>(model.weights);
  const unknown = [...byPath.keys()].find((path) => !leaves.has(path));
  if (unknown !== undefined) {
    throw new AssayError("PATH_UNKNOWN", `${model.name}: Expected weights that it has, got "${unknown}"`);
  }
  const weights = mapTree(model.weights, (leaf, path) => {
    const own = byPath.get(path);
    if (own === undefined) return leaf;
    return withUpdates(leaf as Tensor<"float32">, own, storageOfWeight(model, path));
  });
  return model.withWeights(weights as WeightTensors);
}

/**
 * Applies what an editor found, and certifies it: the matrices that were meant changed, no other did, and the model moved
 * towards the new object.
 *
 * @throws AssayError EDIT_WITHOUT_EFFECT, EDIT_SPILLED, VALUE_OVERFLOW
 */
export async function certified(model: LanguageModel, outcome: EditOutcome): Promise<Edited> {
  const edited = withPatched(
    model,
    outcome.updates.map(({ update }) => update),
  );
  const [before, after] = [fingerprint(model), fingerprint(edited)];
  const matrices = outcome.updates.map((one) =>
    certifiedMatrix(model, { one, before: before.leaves, after: after.leaves }),
  );
  expectChanges({ before: before.leaves, after: after.leaves, intended: matrices.map(({ path }) => path) });
  const texts = outcome.requests.map(({ encoded }) => encoded.rewrites[0]!);
  const readings = { before: await readObjects(model, texts), after: await readObjects(edited, texts) };
  const stillness = stillnessOf(outcome, readings);
  if (stillness !== undefined && outcome.effect !== "report") {
    const wayOut = "try another layer or more steps, nothing was kept";
    throw new AssayError("EDIT_WITHOUT_EFFECT", `editing: ${stillness}; ${wayOut}`);
  }
  const requests = outcome.requests.map((one, at) =>
    certifiedRequest(one, { before: readings.before[at]!, after: readings.after[at]! }),
  );
  const patch = makePatch(
    outcome.updates.map(({ update }) => update),
    {
      format: "assay-patch",
      version: 1,
      method: outcome.method,
      model: model.name,
      base: before.weights,
      settings: outcome.settings,
      matrices,
      requests,
      excluded: outcome.excluded ?? {},
      warnings: [...(outcome.warnings ?? []), ...(stillness === undefined ? [] : [stillness])],
    },
  );
  return { model: edited, patch };
}

interface MatrixParts {
  readonly one: CertifiedUpdate;
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

function certifiedMatrix(model: LanguageModel, { one, before, after }: MatrixParts): CertifiedMatrix {
  const { update, layer, system } = one;
  const { path } = update;
  const weight = leavesOf<Tensor<"float32">>(model.weights).get(path)!;
  const norm = updateNorm(update);
  const rank = update.kind === "dense" ? Math.min(...weight.shape) : update.down.shape[1]!;
  return {
    path,
    layer,
    rank,
    before: before[path]!,
    after: after[path]!,
    storage: storageOfWeight(model, path),
    norm,
    relativeNorm: norm / lengthOf(weight.data),
    ...system,
  };
}

interface Changes {
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  readonly intended: readonly string[];
}

/** What was meant changed, and nothing else. @throws AssayError EDIT_WITHOUT_EFFECT, EDIT_SPILLED */
export function expectChanges({ before, after, intended }: Changes): void {
  const changed = Object.keys(before).filter((path) => before[path] !== after[path]);
  const still = intended.find((path) => !changed.includes(path));
  if (still !== undefined) {
    const claim = `Expected "${still}" to change, got the same numbers`;
    throw new AssayError("EDIT_WITHOUT_EFFECT", `editing: ${claim}; the change is lost in the folder's number type`);
  }
  const spilled = changed.find((path) => !intended.includes(path));
  if (spilled === undefined) return;
  const claim = `Expected ${intended.join(", ")} alone to change, got another "${spilled}"`;
  throw new AssayError("EDIT_SPILLED", `editing: ${claim}`);
}

interface Readings {
  readonly before: readonly ObjectReading[];
  readonly after: readonly ObjectReading[];
}

/** What to say where the surprise falls for no request, or rises for none whose object is to be forgotten. */
function stillnessOf(
  { requests, direction = "towards" }: EditOutcome,
  { before, after }: Readings,
): string | undefined {
  const sign = direction === "towards" ? 1 : -1;
  if (requests.some((_, at) => sign * (before[at]!.surprise - after[at]!.surprise) > 0)) return undefined;
  const [first] = requests;
  const got = `got ${before[0]!.surprise.toFixed(4)} nats before and ${after[0]!.surprise.toFixed(4)} after`;
  const about = `"${first!.encoded.request.prompt}" → "${first!.encoded.request.target}"`;
  return `Expected the object to become ${sign > 0 ? "likelier" : "less likely"}, ${got} for ${about}`;
}

function certifiedRequest(
  { encoded, target, keyDotDirection = null as never }: EditedRequest,
  { before, after }: { readonly before: ObjectReading; readonly after: ObjectReading },
): CertifiedRequest {
  const { id, subject, prompt, target: object, language, old } = encoded.request;
  const request: EditRequest = { id, subject, prompt, target: object, language, ...(old === undefined ? {} : { old }) };
  const surprise = { before: before.surprise, after: after.surprise };
  return { id, request, surprise, isGreedy: after.isGreedy, target, keyDotDirection };
}

/** SHA-256 of a matrix as certificates have it. */
export const matrixHash = fingerprintOf;
