/** A concept model on disk: one safetensors file of numbers, and one JSON page of what they mean. */
import { AssayError, hashOf, type Tensor, tensor } from "#base";
import { openCheckpoint, readTextFile, sourceOf, writeSafetensors, writeTextFile } from "#formats";
import type { ConceptModel } from "./concept-model.ts";
import type { Projection } from "./projection.ts";

const layout = "assay-concepts-1";

/** Writes `<path>.json` and `<path>.safetensors`. @throws AssayError of the writers */
export function saveConcepts(path: string, model: ConceptModel): void {
  const numbers = arraysOf(model);
  const { settings, variance, trace, fitted, classes } = model;
  const { kind, width, d, kept } = model.projection;
  const page = {
    layout,
    settings,
    projection: { kind, width, d, kept },
    variance,
    trace,
    fitted,
    classes,
    model: model.model,
    numbers: hashOf(
      Object.entries(numbers).map(([name, { shape, data }]) => [
        name,
        shape,
        Array.from(data as Float64Array),
      ]) as never,
    ),
  };
  writeTextFile(`${path}.json`, `${JSON.stringify(page, null, 2)}\n`);
  const sources = Object.entries(numbers).map(([name, values]) => sourceOf(name, values));
  writeSafetensors(`${path}.safetensors`, sources, { metadata: { layout } });
}

function arraysOf({ projection, gaussians, alpha, eta, beta, masses, classes }: ConceptModel): Record<string, Tensor> {
  const { d, width, centre, map, scale } = projection;
  const concepts = alpha.length;
  const of = (shape: readonly number[], data: Float64Array) => tensor(shape, data, "float64");
  return {
    centre: of([width], centre),
    ...(map === undefined ? {} : { map: of([width, d], map) }),
    ...(scale === undefined ? {} : { scale: of([width], scale) }),
    means: of([concepts, d], gaussians.means),
    covariances: of([concepts, d, d], gaussians.covariances),
    alpha: of([concepts], alpha),
    eta: of([classes, concepts], eta),
    beta: of([concepts], beta),
    masses: of([concepts], masses),
  };
}

/** Reads what `saveConcepts` wrote. @throws AssayError FILE_MISSING, CONCEPTS_INVALID */
export function loadConcepts(path: string): ConceptModel {
  const page = readPage(`${path}.json`);
  using checkpoint = openCheckpoint(`${path}.safetensors`);
  const read = (name: string): Float64Array => {
    const { dtype, data } = checkpoint.read(name);
    if (dtype === "float64") return data as Float64Array;
    throw invalid(`${path}.safetensors`, `float64 numbers in "${name}", got ${dtype}`);
  };
  const has = (name: string) => checkpoint.tensors.has(name);
  const { settings, variance, trace, fitted, classes, model } = page;
  const projection: Projection = {
    ...page.projection,
    centre: read("centre"),
    ...(has("map") ? { map: read("map") } : {}),
    ...(has("scale") ? { scale: read("scale") } : {}),
  };
  const gaussians = {
    kind: settings.covariance,
    d: projection.d,
    means: read("means"),
    covariances: read("covariances"),
  };
  const rest = { alpha: read("alpha"), eta: read("eta"), beta: read("beta"), masses: read("masses") };
  const found = { settings, projection, gaussians, variance, trace, fitted, classes, model, ...rest };
  expectWhole(path, found);
  return found;
}

type Page = Omit<ConceptModel, "projection" | "gaussians" | "alpha" | "eta" | "beta" | "masses"> & {
  readonly layout: string;
  readonly projection: Pick<Projection, "kind" | "width" | "d" | "kept">;
};

function readPage(path: string): Page {
  let page: Page;
  try {
    page = JSON.parse(readTextFile(path));
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    throw invalid(path, `JSON, got ${(cause as Error).message}`);
  }
  if (page?.layout === layout) return page;
  throw invalid(path, `a concept model of layout ${layout}, got ${JSON.stringify(page?.layout ?? null)}`);
}

function expectWhole(path: string, { settings, gaussians, alpha, eta, classes }: ConceptModel): void {
  const { concepts } = settings;
  const sizes = [alpha.length, gaussians.means.length / gaussians.d, gaussians.covariances.length / gaussians.d ** 2];
  if (sizes.every((size) => size === concepts) && eta.length === classes * concepts) return;
  throw invalid(path, `${concepts} concepts in every array, got ${sizes.join(", ")}`);
}

const invalid = (path: string, expected: string): AssayError =>
  new AssayError(
    "CONCEPTS_INVALID",
    `concepts: Expected ${expected} in ${path}; it was written by another program or version`,
  );
