import { expect, test } from "vitest";
import { stream, type Tensor, tensor } from "#base";
import { compile, logSoftmax, typesOf, type Value, valueAndGrad } from "#engine";
import {
  dpoLoss,
  gradientAscentLoss,
  klLoss,
  lossNumbers,
  misdirectionLoss,
  npoLoss,
  retainLoss,
  simNpoLoss,
  steadinessLoss,
  type UnlearningMethodName,
  unlearningMethods,
} from "./index.ts";
import { type TextValues, textView } from "./text-view.ts";

// B = 2 texts of T = 3 tokens, V = 4 tokens, C = 5 dimensions; the second text has two tokens.
const random = stream(3, "losses");
const normal = (shape: readonly number[]): Tensor<"float32"> =>
  tensor(
    shape,
    Array.from({ length: shape.reduce((size, axis) => size * axis, 1) }, () => random.normal()),
  );
const texts = {
  inputIds: tensor([2, 3], [0, 1, 2, 3, 0, 0], "int64"),
  targets: tensor([2, 3], [1, 2, 3, 2, 1, 0], "int64"),
  counts: tensor([2, 3], [1, 1, 1, 1, 1, 0]),
};

/** What a loss is differentiated by: logits and residuals of both sets, as a figure would give them. */
const policy = () => ({
  forget: { logits: normal([2, 3, 4]), residual: normal([2, 3, 5]) },
  retain: { logits: normal([2, 3, 4]), residual: normal([2, 3, 5]) },
});

interface Given {
  readonly policy: { readonly forget: Outputs; readonly retain: Outputs };
  readonly start: { readonly forget: Outputs; readonly retain: Outputs };
  readonly texts: Omit<TextValues, "reference">;
  readonly direction: Value;
}
interface Outputs {
  readonly logits: Value;
  readonly residual: Value;
}

const viewOf = ({ policy, start, texts }: Given, side: "forget" | "retain") => {
  const frozen = textView({ ...texts, reference: {} }, start[side]);
  const reference = { logProb: frozen.logProb, logProbs: frozen.logProbs, residual: frozen.residual };
  return textView({ ...texts, reference }, policy[side]);
};

const direction = normal([5]);

async function differentiate(
  loss: (given: Given) => Value,
  given: { policy: ReturnType<typeof policy>; start: ReturnType<typeof policy> },
) {
  const inputs = { ...given, texts, direction };
  const program = await compile(valueAndGrad(loss as never, { wrt: "policy" } as never) as never, typesOf(inputs));
  return async (changed: object = inputs) => {
    const found = (await program.run(changed as never)) as never as { value: Tensor; gradient: object };
    return { loss: Number(found.value.data[0]), gradient: found.gradient as ReturnType<typeof policy>, inputs };
  };
}

const logProbs = ({ data }: Tensor, row: number): number[] => {
  const logits = Array.from({ length: 4 }, (_, at) => Number(data[row * 4 + at]));
  const total = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0));
  return logits.map((value) => value - total);
};

/** −log π of each text, in double precision. */
const surprises = (logits: Tensor): number[] =>
  [0, 1].map((text) =>
    [0, 1, 2].reduce((sum, at) => {
      const place = text * 3 + at;
      return sum - Number(texts.counts.data[place]) * logProbs(logits, place)[Number(texts.targets.data[place])]!;
    }, 0),
  );

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const softplus = (x: number): number => Math.log1p(Math.exp(x));

const methodLoss = (name: UnlearningMethodName) => (given: Given) =>
  unlearningMethods[name].loss({
    forget: viewOf(given, "forget"),
    retain: viewOf(given, "retain"),
    direction: given.direction,
    numbers: lossNumbers(name),
  });

test.each(Object.keys(unlearningMethods) as UnlearningMethodName[])(
  "unlearningMethods: the gradient of %s agrees with differences",
  async (name) => {
    const [now, start] = [policy(), policy()];
    const run = await differentiate(methodLoss(name), { policy: now, start });
    const { gradient, inputs } = await run();

    for (const side of ["forget", "retain"] as const) {
      for (const output of ["logits", "residual"] as const) {
        for (const at of [0, 7, 11]) {
          const moved = async (by: number) => {
            const changed = structuredClone(inputs);
            changed.policy[side][output].data[at]! += by;
            return (await run(changed)).loss;
          };
          const slope = ((await moved(0.02)) - (await moved(-0.02))) / 0.04;
          expect(gradient[side][output].data[at]!, `${side}.${output}[${at}]`).toBeCloseTo(slope, 2);
        }
      }
    }
  },
);

test("gradientAscentLoss() and retainLoss() are the mean over tokens, padding left out, with opposite signs", async () => {
  const given = { policy: policy(), start: policy() };
  const expected = surprises(given.policy.forget.logits).reduce((sum, value) => sum + value, 0) / 5;

  const ascent = await differentiate((values) => gradientAscentLoss(viewOf(values, "forget")), given);
  const retain = await differentiate((values) => retainLoss(viewOf(values, "forget")), given);

  expect((await ascent()).loss).toBeCloseTo(-expected, 5);
  expect((await retain()).loss).toBeCloseTo(expected, 5);
});

test("npoLoss() at its start is (2/β) ln 2 with the gradient of gradient ascent on the summed loss", async () => {
  const same = policy();
  const given = { policy: same, start: structuredClone(same) };
  const npo = await differentiate((values) => {
    const { logProb, reference } = viewOf(values, "forget");
    return npoLoss({ policy: logProb, reference: reference.logProb }, { beta: 0.1 });
  }, given);
  const ascent = await differentiate((values) => viewOf(values, "forget").logProb.mean(), given);

  const [found, expected] = [await npo(), await ascent()];

  expect(found.loss).toBeCloseTo((2 / 0.1) * Math.LN2, 5);
  for (const [at, value] of expected.gradient.forget.logits.data.entries())
    expect(found.gradient.forget.logits.data[at]).toBeCloseTo(value, 5);
});

test("npoLoss() equals its softplus form, and fades into gradient ascent as β goes to zero", async () => {
  const given = { policy: policy(), start: policy() };
  const differences = surprises(given.policy.forget.logits).map(
    (value, at) => value - surprises(given.start.forget.logits)[at]!,
  );
  const at = (beta: number) =>
    differentiate((values) => {
      const { logProb, reference } = viewOf(values, "forget");
      return npoLoss({ policy: logProb, reference: reference.logProb }, { beta });
    }, given);
  const ascent = await differentiate((values) => viewOf(values, "forget").logProb.mean(), given);

  const [usual, small, limit] = [await (await at(0.7))(), await (await at(1e-3))(), await ascent()];

  expect(usual.loss).toBeCloseTo((2 / 0.7) * mean(differences.map((value) => softplus(-0.7 * value))), 5);
  for (const [place, value] of limit.gradient.forget.logits.data.entries())
    expect(small.gradient.forget.logits.data[place]).toBeCloseTo(value, 2);
});

test("dpoLoss() equals its softplus form, and has no gradient where chosen and rejected are one text", async () => {
  const given = { policy: policy(), start: policy() };
  const ratio = (side: "forget" | "retain") =>
    surprises(given.start[side].logits).map((value, at) => value - surprises(given.policy[side].logits)[at]!);
  const margins = ratio("retain").map((value, at) => value - ratio("forget")[at]!);
  const pairOf = (values: Given, side: "forget" | "retain") => {
    const { logProb, reference } = viewOf(values, side);
    return { policy: logProb, reference: reference.logProb };
  };
  const usual = await differentiate(
    (values) => dpoLoss({ chosen: pairOf(values, "retain"), rejected: pairOf(values, "forget") }, { beta: 0.3 }),
    given,
  );
  const same = await differentiate(
    (values) => dpoLoss({ chosen: pairOf(values, "forget"), rejected: pairOf(values, "forget") }, { beta: 0.3 }),
    given,
  );

  expect((await usual()).loss).toBeCloseTo((2 / 0.3) * mean(margins.map((value) => softplus(-0.3 * value))), 4);
  const { loss, gradient } = await same();
  expect(loss).toBeCloseTo((2 / 0.3) * Math.LN2, 5);
  expect(Math.max(...gradient.forget.logits.data.map(Math.abs))).toBeLessThan(1e-6);
});

test("klLoss() is zero at the start, and the sum over the vocabulary elsewhere, padding left out", async () => {
  const [now, start] = [policy(), policy()];
  const build = (values: Given) => klLoss(viewOf(values, "retain"));
  const expected = [0, 1, 2, 3, 4].map((row) => {
    const [ours, theirs] = [logProbs(now.retain.logits, row), logProbs(start.retain.logits, row)];
    return theirs.reduce((sum, value, at) => sum + Math.exp(value) * (value - ours[at]!), 0);
  });

  const atStart = await (await differentiate(build, { policy: now, start: structuredClone(now) }))();
  const elsewhere = await (await differentiate(build, { policy: now, start }))();

  expect(Math.abs(atStart.loss)).toBeLessThan(1e-6);
  expect(elsewhere.loss).toBeCloseTo(mean(expected), 5);
});

test("simNpoLoss() looks at the loss of a token, whatever the text's length", async () => {
  const given = { policy: policy(), start: policy() };
  const perToken = surprises(given.policy.forget.logits).map((value, at) => value / [3, 2][at]!);
  const run = await differentiate((values) => simNpoLoss(viewOf(values, "forget"), { beta: 4.5, margin: 0.2 }), given);

  const expected = (2 / 4.5) * mean(perToken.map((value) => softplus(-4.5 * (value - 0.2))));

  expect((await run()).loss).toBeCloseTo(expected, 5);
});

test("misdirectionLoss() and steadinessLoss() are mean squares over counted tokens", async () => {
  const given = { policy: policy(), start: policy() };
  const squares = (row: number, to: (at: number) => number) =>
    mean([0, 1, 2, 3, 4].map((at) => (given.policy.forget.residual.data[row * 5 + at]! - to(at)) ** 2));
  const steered = await differentiate((values) => misdirectionLoss(viewOf(values, "forget"), values.direction), given);
  const steady = await differentiate((values) => steadinessLoss(viewOf(values, "forget")), given);

  const rows = [0, 1, 2, 3, 4];
  expect((await steered()).loss).toBeCloseTo(mean(rows.map((row) => squares(row, (at) => direction.data[at]!))), 5);
  const start = given.start.forget.residual.data;
  expect((await steady()).loss).toBeCloseTo(mean(rows.map((row) => squares(row, (at) => start[row * 5 + at]!))), 5);
});

test("textView() reads log-probabilities that logSoftmax gives", async () => {
  const logits = normal([2, 3, 4]);
  const program = await compile(({ x }: { x: Value }) => logSoftmax(x), { x: logits });

  const found = (await program.run({ x: logits } as never)) as never as Tensor;

  expect(Number(found.data[5])).toBeCloseTo(logProbs(logits, 1)[1]!, 5);
});
