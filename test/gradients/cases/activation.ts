import { lax, nn, numpy as np } from "@jax-js/jax";
import { tensor } from "#base";
import { erf, expm1, gelu, log1p, logSigmoid, relu, sigmoid, silu, softplus, tanh } from "#engine";
import { row } from "../case.ts";
import { each, normal } from "../plain.ts";

const x = normal("activation", [3, 5], { scale: 2 });
const tails = tensor([6], [-40, -12, -3, 3, 12, 40]);
const tiny = tensor([6], [-1e-7, -1e-4, -0.3, 1e-9, 1e-4, 0.8]);

/** The integral of the bell by Simpson's rule, which is exact to rounding here. */
function erfOf(x: number): number {
  const steps = 2000;
  const width = x / steps;
  const bell = (t: number) => Math.exp(-t * t);
  let sum = bell(0) + bell(x);
  for (let at = 1; at < steps; at++) sum += bell(at * width) * (at % 2 === 0 ? 2 : 4);
  return (2 / Math.sqrt(Math.PI)) * ((sum * width) / 3);
}

const sigmoidOf = (v: number) => 1 / (1 + Math.exp(-v));
const softplusOf = (v: number) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
const geluOf = (v: number) => (v / 2) * (1 + erfOf(v / Math.SQRT2));
const tanhGeluOf = (v: number) => (v / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));

export const activation = [
  row("Erf", {
    float32Only: true,
    inputs: { x },
    ours: ({ x }) => erf(x),
    plain: ({ x }) => each(x, erfOf),
    jax: ({ x }) => lax.erf(x),
  }),
  row("Expm1", {
    inputs: { x },
    ours: ({ x }) => expm1(x),
    plain: ({ x }) => each(x, Math.expm1),
    jax: ({ x }) => np.expm1(x),
  }),
  row("Expm1", {
    note: "near zero",
    differentiable: false,
    inputs: { tiny },
    ours: ({ tiny }) => expm1(tiny).div(tiny),
    plain: ({ tiny }) => each(tiny, (v) => Math.expm1(v) / v),
  }),
  row("Log1p", {
    note: "near zero",
    differentiable: false,
    inputs: { tiny },
    ours: ({ tiny }) => log1p(tiny).div(tiny),
    plain: ({ tiny }) => each(tiny, (v) => Math.log1p(v) / v),
  }),
  row("Log1p", {
    note: "of squares",
    inputs: { x },
    ours: ({ x }) => log1p(x.square()),
    plain: ({ x }) => each(x, (v) => Math.log1p(v * v)),
    jax: ({ x }) => np.log1p(np.square(x)),
  }),
  row("Gelu", {
    note: "exact",
    float32Only: true,
    inputs: { x },
    ours: ({ x }) => gelu(x),
    plain: ({ x }) => each(x, geluOf),
    jax: ({ x }) => nn.gelu(x, { approximate: false }),
  }),
  row("Gelu", {
    note: "with tanh",
    float32Only: true,
    inputs: { x },
    ours: ({ x }) => gelu(x, { approximate: "tanh" }),
    plain: ({ x }) => each(x, tanhGeluOf),
    jax: ({ x }) => nn.gelu(x, { approximate: true }),
  }),
  row("Gelu", {
    note: "with tanh, far out",
    float32Only: true,
    inputs: { tails },
    ours: ({ tails }) => gelu(tails, { approximate: "tanh" }),
    plain: ({ tails }) => each(tails, tanhGeluOf),
  }),
  row("Relu", {
    inputs: { x },
    ours: ({ x }) => relu(x),
    plain: ({ x }) => each(x, (v) => Math.max(v, 0)),
    jax: ({ x }) => nn.relu(x),
  }),
  row("Sigmoid", {
    inputs: { x },
    ours: ({ x }) => sigmoid(x),
    plain: ({ x }) => each(x, sigmoidOf),
    jax: ({ x }) => nn.sigmoid(x),
  }),
  row("Silu", {
    float32Only: true,
    inputs: { x },
    ours: ({ x }) => silu(x),
    plain: ({ x }) => each(x, (v) => v * sigmoidOf(v)),
    jax: ({ x }) => nn.silu(x),
  }),
  row("Softplus", {
    float32Only: true,
    inputs: { x },
    ours: ({ x }) => softplus(x),
    plain: ({ x }) => each(x, softplusOf),
    jax: ({ x }) => nn.softplus(x),
  }),
  row("Softplus", {
    note: "as log σ, far out",
    float32Only: true,
    inputs: { tails },
    ours: ({ tails }) => logSigmoid(tails),
    plain: ({ tails }) => each(tails, (v) => -softplusOf(-v)),
    jax: ({ tails }) => nn.logSigmoid(tails),
  }),
  row("Tanh", {
    inputs: { x },
    ours: ({ x }) => tanh(x),
    plain: ({ x }) => each(x, Math.tanh),
    jax: ({ x }) => np.tanh(x),
  }),
];
