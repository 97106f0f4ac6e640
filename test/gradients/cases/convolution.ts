import { lax } from "@jax-js/jax";
import { averagePool2d, type Conv1dOptions, type Conv2dOptions, conv1d, conv2d, maxPool2d } from "#engine";
import { apply } from "../../../src/engine/graph/operator.ts";
import { convolution as operators } from "../../../src/engine/operators/convolution.ts";
import { row } from "../case.ts";
import { fill, normal, type Plain, total } from "../plain.ts";

interface Walk {
  readonly stride?: number;
  readonly dilation?: number;
  readonly before?: number;
  readonly after?: number;
  readonly groups?: number;
}

/** The definition, place by place; along one axis by giving the other the length one. */
function convolved(x: Plain, w: Plain, walk: Walk, bias?: Plain): Plain {
  const { stride = 1, dilation = 1, before = 0, after = 0, groups = 1 } = walk;
  const flat = w.shape.length === 3;
  const [outputs, inputs] = w.shape as [number, number];
  const kernel = w.shape.slice(2);
  const size = (length: number, k: number) =>
    Math.floor((length + before + after - dilation * (k - 1) - 1) / stride) + 1;
  const places = kernel.map((k, at) => size(x.shape[at + 2]!, k));
  const inside = (at: number, axis: number) => at >= 0 && at < x.shape[axis + 2]!;
  return fill([x.shape[0]!, outputs, ...places], ([n, o, ...place]) => {
    const first = Math.floor(o! / (outputs / groups)) * inputs;
    const term = (i: number, steps: number[]) => {
      const at = steps.map((step, axis) => stride * place[axis]! + dilation * step - before);
      return at.every(inside) ? w.at([o!, i, ...steps]) * x.at([n!, first + i, ...at]) : 0;
    };
    const sum = total(inputs, (i) =>
      total(kernel[0]!, (u) => (flat ? term(i, [u]) : total(kernel[1]!, (v) => term(i, [u, v])))),
    );
    return sum + (bias?.at([o!]) ?? 0);
  });
}

const line = normal("line", [2, 4, 9]);
const image = normal("image", [2, 4, 6, 7]);
const bias = normal("bias", [6]);

const along = (note: string, options: Conv1dOptions, walk: Walk, kernel = 3) => {
  const w = normal(`kernel ${note}`, [6, 4 / (walk.groups ?? 1), kernel]);
  const { stride = 1, dilation = 1, before = 0, after = 0, groups = 1 } = walk;
  return row("Convolution", {
    note: `along one axis, ${note}`,
    float32Only: true,
    inputs: { line, w, bias },
    ours: ({ line, w, bias }) => conv1d(line, { weight: w, bias }, options),
    plain: ({ line, w, bias }) => convolved(line, w, walk, bias),
    jax: ({ line, w, bias }) =>
      lax
        .convGeneralDilated(line, w, [stride], [[before, after]], {
          rhsDilation: [dilation],
          featureGroupCount: groups,
        })
        .add(bias.reshape([6, 1])),
  });
};

const over = (note: string, options: Conv2dOptions, walk: Walk, kernel = [3, 2]) => {
  const w = normal(`kernel ${note}`, [6, 4 / (walk.groups ?? 1), ...kernel]);
  const { stride = 1, dilation = 1, before = 0, after = 0, groups = 1 } = walk;
  const sides: [number, number] = [before, after];
  return row("Convolution", {
    note: `over two axes, ${note}`,
    float32Only: true,
    inputs: { image, w },
    ours: ({ image, w }) => conv2d(image, { weight: w }, options),
    plain: ({ image, w }) => convolved(image, w, walk),
    jax: ({ image, w }) =>
      lax.convGeneralDilated(image, w, [stride, stride], [sides, sides], {
        rhsDilation: [dilation, dilation],
        featureGroupCount: groups,
      }),
  });
};

/** The largest or the mean of each window of 3 by 3, every 2 places, with a border of 1. */
const pooled = (x: Plain, fold: (values: number[]) => number) =>
  fill([2, 4, 3, 4], ([n, c, i, j]) => {
    const offsets = [-1, 0, 1].flatMap((u) => [-1, 0, 1].map((v) => [2 * i! + u, 2 * j! + v] as const));
    const inside = offsets.filter(([u, v]) => u >= 0 && u < 6 && v >= 0 && v < 7);
    return fold(inside.map(([u, v]) => x.at([n!, c!, u, v])));
  });

const walk = { strides: [2], dilations: [1], padding: [[1, 0]] as [number, number][], groups: 2, rest: [1] };

export const convolution = [
  along("plain", {}, {}),
  along("kept in length", { padding: "same" }, { before: 1, after: 1 }),
  along("causal", { padding: [2, 0] }, { before: 2 }),
  along("in strides that leave a rest", { stride: 2, padding: 1 }, { stride: 2, before: 1, after: 1 }, 4),
  along("dilated", { dilation: 2, padding: 2 }, { dilation: 2, before: 2, after: 2 }),
  along("in groups", { groups: 2 }, { groups: 2 }),
  along(
    "in groups, strides and dilations",
    { groups: 2, stride: 3, dilation: 2 },
    { groups: 2, stride: 3, dilation: 2 },
  ),
  along("with a kernel of one", {}, {}, 1),
  over("plain", {}, {}),
  over("padded, in strides", { stride: 2, padding: 1 }, { stride: 2, before: 1, after: 1 }),
  over("dilated, in groups", { dilation: 2, groups: 2 }, { dilation: 2, groups: 2 }),
  over("square and kept in size", { padding: "same" }, { before: 1, after: 1 }, [3, 3]),
  row("ConvolutionTransposed", {
    float32Only: true,
    inputs: { u: normal("u", [2, 6, 4]), w: normal("w", [6, 2, 3]) },
    ours: ({ u, w }) => apply(operators.ConvolutionTransposed, [u, w], walk),
    plain: ({ u, w }) =>
      fill([2, 4, 9], ([n, c, m]) =>
        total(3, (o) =>
          total(4, (l) =>
            total(3, (j) => {
              const group = Math.floor(c! / 2);
              return 2 * l + j - 1 === m ? w.at([group * 3 + o, c! % 2, j]) * u.at([n!, group * 3 + o, l]) : 0;
            }),
          ),
        ),
      ),
  }),
  row("MaxPool", {
    float32Only: true,
    inputs: { image },
    ours: ({ image }) => maxPool2d(image, { size: 3, stride: 2, padding: 1 }),
    plain: ({ image }) => pooled(image, (v) => Math.max(...v)),
  }),
  row("AveragePool", {
    float32Only: true,
    inputs: { image },
    ours: ({ image }) => averagePool2d(image, { size: 3, stride: 2, padding: 1 }),
    plain: ({ image }) => pooled(image, (v) => v.reduce((a, b) => a + b, 0) / 9),
  }),
  row("AveragePool", {
    note: "without borders",
    float32Only: true,
    inputs: { image },
    ours: ({ image }) => averagePool2d(image, { size: [2, 3] }),
    plain: ({ image }) =>
      fill(
        [2, 4, 3, 2],
        ([n, c, i, j]) => total(2, (u) => total(3, (v) => image.at([n!, c!, 2 * i! + u, 3 * j! + v]))) / 6,
      ),
  }),
];
