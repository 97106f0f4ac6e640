import { gelu, relu, sigmoid, silu, type Value } from "#engine";

/** The nonlinearities of an MLP, by the names that configurations give them; each family allows some of them. */
export const activations = {
  gelu: (x: Value) => gelu(x),
  "gelu-tanh": (x: Value) => gelu(x, { approximate: "tanh" }),
  // x σ(1.702 x), as in OpenAI's CLIP
  "gelu-sigmoid": (x: Value) => x.mul(sigmoid(x.mul(1.702))),
  relu,
  silu,
} as const satisfies Record<string, (x: Value) => Value>;
