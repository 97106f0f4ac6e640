/** The table of unlearning methods: each one's whole loss on one line, and what it must be given. */
import type { Value } from "#engine";
import { gradientAscentLoss } from "./gradient-ascent.ts";
import { dpoLoss, npoLoss, type PolicyAndReference } from "./preference.ts";
import { klLoss, retainLoss } from "./retain.ts";
import { misdirectionLoss, steadinessLoss } from "./rmu.ts";
import { simNpoLoss } from "./sim-npo.ts";
import type { ReferenceKind, TextView } from "./text-view.ts";

/** The numbers that losses share; each method has its own defaults. */
export interface LossNumbers {
  /** β of the preference losses. */
  readonly beta: number;
  /** What the loss on the forget set is multiplied with. */
  readonly forgetWeight: number;
  /** What the loss on the retain set is multiplied with. */
  readonly retainWeight: number;
  /** δ of SimNPO. */
  readonly margin: number;
  /** c of RMU: the length of the direction that the forget set is steered to. */
  readonly steering: number;
}

/** What a loss is made of. */
export interface LossParts {
  readonly forget: TextView;
  /** Present where the method needs it. */
  readonly retain: TextView;
  /** RMU's c · u, [C]. */
  readonly direction: Value;
  readonly numbers: LossNumbers;
}

/** One method: what it needs, its numbers, and its loss. */
export interface UnlearningMethod {
  /** In one sentence. */
  readonly description: string;
  readonly needsRetain: boolean;
  /** What of the frozen start is compared, on the forget set and on the retain set. */
  readonly reference: { readonly forget: readonly ReferenceKind[]; readonly retain: readonly ReferenceKind[] };
  /** Whether it steers one layer's residual. */
  readonly steersLayer: boolean;
  readonly defaults: Partial<LossNumbers>;
  loss(parts: LossParts): Value;
}

const pair = ({ logProb, reference }: TextView): PolicyAndReference => ({
  policy: logProb,
  reference: reference.logProb,
});

const npo = ({ forget, numbers }: LossParts): Value => npoLoss(pair(forget), numbers).mul(numbers.forgetWeight);
const dpo = ({ forget, retain, numbers }: LossParts): Value =>
  dpoLoss({ chosen: pair(retain), rejected: pair(forget) }, numbers).mul(numbers.forgetWeight);
const keep = ({ retain, numbers }: LossParts): Value => retainLoss(retain).mul(numbers.retainWeight);
const keepDistribution = ({ retain, numbers }: LossParts): Value => klLoss(retain).mul(numbers.retainWeight);

const plain = { needsRetain: false, reference: { forget: [], retain: [] }, steersLayer: false, defaults: {} } as const;
const retaining = { ...plain, needsRetain: true } as const;
const both = { forget: ["logProb"], retain: ["logProb"] } as const;

/** Every method by its name. */
export const unlearningMethods = {
  "gradient-ascent": {
    ...plain,
    description: "makes the forget set less likely, without a bound",
    loss: ({ forget, numbers }) => gradientAscentLoss(forget).mul(numbers.forgetWeight),
  },
  "grad-diff": {
    ...retaining,
    description: "gradient ascent on the forget set, descent on the retain set",
    defaults: { retainWeight: 1.5 },
    loss: (parts) => gradientAscentLoss(parts.forget).mul(parts.numbers.forgetWeight).add(keep(parts)),
  },
  npo: {
    ...plain,
    description: "negative preference optimisation",
    reference: { forget: ["logProb"], retain: [] },
    loss: npo,
  },
  "npo-retain": {
    ...retaining,
    description: "negative preference optimisation with likelihood on the retain set",
    reference: { forget: ["logProb"], retain: [] },
    loss: (parts) => npo(parts).add(keep(parts)),
  },
  "npo-kl": {
    ...retaining,
    description: "negative preference optimisation with the start's distribution on the retain set",
    reference: { forget: ["logProb"], retain: ["logProbs"] },
    loss: (parts) => npo(parts).add(keepDistribution(parts)),
  },
  dpo: {
    ...retaining,
    description: "direct preference for texts of the retain set over those of the forget set",
    reference: both,
    loss: dpo,
  },
  "dpo-retain": {
    ...retaining,
    description: "direct preference with likelihood on the retain set",
    reference: both,
    loss: (parts) => dpo(parts).add(keep(parts)),
  },
  "dpo-kl": {
    ...retaining,
    description: "direct preference with the start's distribution on the retain set",
    reference: { forget: ["logProb"], retain: ["logProb", "logProbs"] },
    loss: (parts) => dpo(parts).add(keepDistribution(parts)),
  },
  relearn: {
    ...retaining,
    description: "likelihood on the retain set alone: what somebody does who wants knowledge back",
    loss: keep,
  },
  "sim-npo": {
    ...retaining,
    description: "negative preference by length-normalised likelihood, without a reference",
    defaults: { beta: 4.5, margin: 0, forgetWeight: 0.125 },
    loss: (parts) => simNpoLoss(parts.forget, parts.numbers).mul(parts.numbers.forgetWeight).add(keep(parts)),
  },
  rmu: {
    ...retaining,
    description: "steers one layer's view of the forget set to a random direction",
    reference: { forget: [], retain: ["residual"] },
    steersLayer: true,
    defaults: { steering: 2 },
    loss: ({ forget, retain, direction, numbers }) =>
      misdirectionLoss(forget, direction)
        .mul(numbers.forgetWeight)
        .add(steadinessLoss(retain).mul(numbers.retainWeight)),
  },
} as const satisfies Readonly<Record<string, UnlearningMethod>>;

/** The name of a method whose loss a model is trained with. */
export type UnlearningMethodName = keyof typeof unlearningMethods;

/** A method's numbers: the caller's over its own over everybody's. */
export function lossNumbers(name: UnlearningMethodName, given: Partial<LossNumbers> = {}): LossNumbers {
  const shared: LossNumbers = { beta: 0.1, forgetWeight: 1, retainWeight: 1, margin: 0, steering: 2 };
  return { ...shared, ...unlearningMethods[name].defaults, ...given };
}
