import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Tensor, tensor, zeros } from "#base";
import { loadModel } from "#models";
import { rankOneForm } from "./closed-form.ts";
import type { EncodedRequest } from "./encode.ts";
import { spreadOver } from "./memit.ts";
import { optimizeTargets } from "./optimize.ts";
import { meanOf } from "./rome.ts";
import type { MemitSettings } from "./settings.ts";
import { keyStatistics } from "./statistics.ts";

const goldenFolder = join(import.meta.dirname, "../../../test/golden");

interface Written {
  readonly shape: number[];
  readonly data: number[];
}

interface GoldenText {
  readonly ids: number[];
  readonly lookup: number;
  readonly targets: number[];
}

interface GoldenCase {
  readonly name: string;
  readonly requests: { readonly rewrites: GoldenText[]; readonly essence: Omit<GoldenText, "targets"> }[];
  readonly moments: Record<string, Written>;
  readonly rome: Record<"delta" | "origin" | "key" | "meanKey" | "left" | "right", Written> & {
    readonly layer: number;
    readonly request: number;
    readonly numbers: MemitSettings;
    readonly losses: number[];
  };
  readonly memit: {
    readonly layers: number[];
    readonly numbers: MemitSettings;
    readonly losses: number[][];
    readonly deltas: Written[];
    readonly updates: Written[];
  };
}

const golden = JSON.parse(readFileSync(join(goldenFolder, "methods/editing.golden.json"), "utf8")) as {
  readonly cases: GoldenCase[];
};

function encoded({ rewrites, essence }: GoldenCase["requests"][number], at: number): EncodedRequest {
  const text = { ...essence, targets: [] };
  return {
    request: { id: String(at), prompt: "", target: "" } as never,
    rewrites: rewrites.map(({ ids, lookup, targets }) => ({
      ids,
      lookup,
      targets: targets.map((id, offset) => ({ id, at: ids.length - targets.length + offset })),
    })),
    essence: text,
  };
}

const momentOf = ({ moments }: GoldenCase, layer: number) => {
  const { shape, data } = moments[String(layer)]!;
  const found = { moment: tensor(shape, data, "float64"), positions: 10_000, layer, corpus: "draws" };
  return keyStatistics(found, { epsilon: 0 });
};

function expectNear(found: ArrayLike<number>, { data }: Written, tolerance: number): void {
  const scale = Math.max(...data.map(Math.abs));
  const worst = Math.max(...data.map((value, at) => Math.abs(value - found[at]!)));
  expect(worst / scale).toBeLessThan(tolerance);
}

async function opened(name: string) {
  const model = await loadModel(join(goldenFolder, `methods/editing-${name}`));
  onTestFinished(() => model.close());
  return model;
}

test.each(golden.cases.map((one) => [one.name, one] as const))(
  "optimizeTargets() and rankOneForm() follow the published ROME on %s",
  async (name, given) => {
    const { rome } = given;
    const model = await opened(name);
    const request = encoded(given.requests[rome.request]!, 0);

    const options = { ...rome.numbers, layer: rome.layer, origin: "mlp.output" } as const;
    const [found] = await optimizeTargets(model, [request], options);
    const meanKey = meanOf(found!.keys);
    const statistics = await momentOf(given, rome.layer);
    const { down, up } = await rankOneForm({ meanKey, key: found!.keys[0]!, delta: found!.delta }, statistics);

    expect(found!.losses).toHaveLength(rome.losses.length);
    expectNear(found!.losses, { shape: [], data: rome.losses }, 1e-4);
    expectNear(found!.origin, rome.origin, 1e-5);
    expectNear(found!.keys[0]!, rome.key, 1e-5);
    expectNear(meanKey, rome.meanKey, 1e-5);
    expectNear(found!.delta, rome.delta, 1e-3);
    expectNear(down.data, rome.left, 1e-4);
    expectNear(up.data, rome.right, 1e-3);
  },
);

test.each(golden.cases.map((one) => [one.name, one] as const))(
  "spreadOver() follows the published MEMIT on %s, all requests in one run",
  async (name, given) => {
    const { layers, numbers, losses, deltas, updates } = given.memit;
    const model = await opened(name);
    const requests = given.requests.map(encoded);

    const options = { ...numbers, layer: layers.at(-1)!, origin: "residual" } as const;
    const targets = await optimizeTargets(model, requests, options);
    const spread = await spreadOver(model, {
      encoded: requests,
      targets,
      layers,
      weight: numbers.covarianceWeight,
      statistics: (layer) => momentOf(given, layer),
    });

    for (const [at, target] of targets.entries()) {
      expectNear(target.losses, { shape: [], data: losses[at]! }, 1e-4);
      expectNear(target.delta, deltas[at]!, 1e-3);
    }
    for (const [at, { update }] of spread.updates.entries()) {
      expectNear(productOf(update as never).data, updates[at]!, 2e-3);
    }
  },
);

function productOf({ down, up }: { readonly down: Tensor<"float32">; readonly up: Tensor<"float32"> }) {
  const [rows, rank] = down.shape as [number, number];
  const columns = up.shape[1]!;
  const product = zeros([rows, columns], "float64");
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < rank; k++) {
      for (let column = 0; column < columns; column++) {
        product.data[row * columns + column]! += down.data[row * rank + k]! * up.data[k * columns + column]!;
      }
    }
  }
  return product;
}
