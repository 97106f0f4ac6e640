/** Every method on one tensor, by mergekit's names. */
import { AssayError, nearest, type RandomStream } from "#base";
import type { MergeSettings } from "#formats";
import { mergeLinear, mergeSlerp, mergeTasks } from "./rules.ts";
import { numberOf, settingOf, switchOf, type TensorPlace } from "./settings.ts";
import { type DareRescaling, dropAndRescale, trimByMagnitude } from "./sparsify.ts";

/** One tensor of one model, with what its configuration says. */
export interface MergedPart {
  readonly data: Float32Array;
  /** Tables of settings, the most particular first. */
  readonly settings: readonly MergeSettings[];
}

/** One tensor of the output. */
export interface TensorMerge {
  readonly place: TensorPlace;
  /** Of the base model; methods on differences and slerp need it. */
  readonly base: Float32Array | undefined;
  /** Of the others, in order; of all of them for linear. */
  readonly parts: readonly MergedPart[];
  /** What holds for all models. */
  readonly settings: readonly MergeSettings[];
  /** Decides what DARE drops; one for each model is forked from it. */
  readonly random: RandomStream;
}

/** Every way of merging, with whether it needs a base. */
export const mergeMethods = {
  linear: { needsBase: false, merge: linear },
  slerp: { needsBase: true, merge: slerp },
  task_arithmetic: { needsBase: true, merge: (request) => tasks(request, { normalize: false, elect: false }) },
  ties: { needsBase: true, merge: (request) => tasks(request, { normalize: true, elect: true, sparsify: trim }) },
  dare_linear: {
    needsBase: true,
    merge: (request) => tasks(request, { normalize: false, elect: false, sparsify: drop }),
  },
  dare_ties: { needsBase: true, merge: (request) => tasks(request, { normalize: false, elect: true, sparsify: drop }) },
} as const satisfies Record<string, { readonly needsBase: boolean; merge(request: TensorMerge): Float32Array }>;

/** The name of a way of merging. */
export type MergeMethodName = keyof typeof mergeMethods;

/** A name of mergekit's as one of ours. @throws AssayError MERGE_METHOD_UNKNOWN */
export function mergeMethodOf(name: string): MergeMethodName {
  if (Object.hasOwn(mergeMethods, name)) return name as MergeMethodName;
  const known = Object.keys(mergeMethods);
  const hint = nearest(name, known) ?? known.join(", ");
  throw new AssayError(
    "MERGE_METHOD_UNKNOWN",
    `merge: Expected a way of merging, got "${name}"; the nearest known is ${hint}`,
  );
}

function linear({ parts, place, settings }: TensorMerge): Float32Array {
  const weighted = parts.map((part) => ({
    data: part.data,
    weight: numberOf("weight", { tables: [...part.settings, ...settings], place }),
  }));
  return mergeLinear(weighted, { normalize: switchOf("normalize", { tables: settings, place, fallback: true }) });
}

function slerp({ base, parts, place, settings }: TensorMerge): Float32Array {
  const [other] = parts;
  if (parts.length !== 1 || base === undefined) {
    throw new AssayError(
      "MERGE_INPUTS_INVALID",
      `merge: Expected a base and one other model for slerp, got ${parts.length} others`,
    );
  }
  return mergeSlerp(base, other!.data, numberOf("t", { tables: settings, place }));
}

type Sparsify = (task: Float32Array, density: number, how: Sparsifying) => Float32Array;

interface TaskMethod {
  readonly normalize: boolean;
  readonly elect: boolean;
  readonly sparsify?: Sparsify;
}

interface Sparsifying {
  readonly random: RandomStream;
  readonly rescaling: DareRescaling;
}

const trim: Sparsify = (task, density) => trimByMagnitude(task, density);
const drop: Sparsify = (task, density, how) => dropAndRescale(task, { density, ...how });

function tasks(
  { base, parts, place, settings, random }: TensorMerge,
  { normalize, elect, sparsify }: TaskMethod,
): Float32Array {
  const rescaling = rescalingOf(settings, place);
  const prepared = parts.map(({ data, settings: own }, at) => {
    const tables = [...own, ...settings];
    const difference = data.map((number, index) => number - base![index]!);
    const density = numberOf("density", { tables, place, fallback: 1 });
    const task =
      sparsify?.(difference, density, { random: random.fork(`${place.name}/${at}`), rescaling }) ?? difference;
    return { data: task, weight: numberOf("weight", { tables, place }) };
  });
  const scale = numberOf("lambda", { tables: settings, place, fallback: 1 });
  return mergeTasks(base!, prepared, {
    scale,
    elect,
    normalize: switchOf("normalize", { tables: settings, place, fallback: normalize }),
  });
}

/** mergekit's `rescale` is a switch, true for the L1 norm; `density` is ours, for the factor of the paper. */
function rescalingOf(settings: readonly MergeSettings[], place: TensorPlace): DareRescaling {
  const found = settingOf("rescale", settings, place) ?? true;
  if (found === true || found === "l1") return "l1";
  if (found === "density") return "density";
  if (found === false) return "none";
  throw new AssayError(
    "MERGE_SETTING_INVALID",
    `merge: Expected rescale to be true, false, l1 or density, got "${found}"`,
  );
}
