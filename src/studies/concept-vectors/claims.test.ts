import { expect, test } from "vitest";
import type { MeasuredRecord } from "#base";
import { claims } from "./claims.ts";

const record = (metric: string, value: number, setting: MeasuredRecord["setting"]): MeasuredRecord => ({
  subject: "mini:encyclopedia",
  metric,
  value,
  n: 1,
  setting: { arm: "found", seed: 0, ...setting },
});
const claim = (id: string) => claims.find((one) => one.id === id)!;

/** One number for each of three concepts and two methods. */
const six = (metric: string, value: (concept: number, method: string) => number, more = {}): MeasuredRecord[] =>
  [1, 2, 3].flatMap((concept) =>
    ["npo", "grad-diff"].map((method) =>
      record(metric, value(concept, method), { concept: `c${concept}`, method, ...more }),
    ),
  );

test("claims count one number a concept, however many methods and seeds were tried on it", () => {
  const [verdict] = claim("fine-tuning-leaves-the-vector").judge(six("cosine", (concept) => 0.99 + concept / 1000));

  expect(verdict).toMatchObject({ status: "holds", n: 3, seeds: 1 });
});

test("claims hold, fail or stay undecided by the interval, and one concept decides nothing", () => {
  const judge = (value: (concept: number) => number) =>
    claim("fine-tuning-leaves-the-vector").judge(six("cosine", value))[0]!.status;
  const one = six("cosine", () => 1).filter(({ setting }) => setting.concept === "c1");

  expect([judge(() => 0.99), judge((concept) => 0.1 * concept), judge((concept) => 0.5 + 0.2 * concept)]).toEqual([
    ...["holds", "fails", "undecided"],
  ]);
  expect(claim("fine-tuning-leaves-the-vector").judge(one)[0]).toMatchObject({ status: "undecided", needed: 2 });
});

test("bfloat16-swallows-steps compares a method with itself", () => {
  const [fine, rounded] = [
    six("distance", (concept) => 1 + concept / 100),
    six("distance", () => 0.5).map((one) => ({
      ...one,
      setting: { ...one.setting, method: `${one.setting.method}/bfloat16` },
    })),
  ];

  expect(claim("bfloat16-swallows-steps").judge([...fine, ...rounded])[0]).toMatchObject({ status: "holds", n: 3 });
});

test("fine-tuned-relearn-faster compares gains with Needle's on the same concept", () => {
  const curve = (method: string, gain: number) =>
    [1, 2, 3].flatMap((concept) =>
      [0, 10].map((relearning) =>
        record("relearntBleu", 0.1 + (relearning === 0 ? 0 : gain + concept / 100), {
          concept: `c${concept}`,
          method,
          relearning,
        }),
      ),
    );

  const answers = (value: number) =>
    [1, 2, 3].map((concept) => record("bleu", value, { concept: `c${concept}`, method: "needle", group: "target" }));
  const curves = [...curve("npo", 0.6), ...curve("needle", 0.1)];

  const [verdict] = claim("fine-tuned-relearn-faster").judge([...curves, ...answers(0.2)]);

  expect(verdict!.evidence).toContain("0.500");
  expect(verdict!.status).toBe("holds");
  // Where Needle changed no answer, it has nothing to bring back.
  expect(claim("fine-tuned-relearn-faster").judge([...curves, ...answers(1)])).toEqual([]);
});

test("controls look at their own arm", () => {
  const arm = (name: string, target: number) =>
    [1, 2, 3].flatMap((concept) =>
      (["far", "target"] as const).map((group) =>
        record("goldRecall", group === "far" ? 1 : target + concept / 100, {
          arm: name,
          concept: `${name}${concept}`,
          method: "needle",
          group,
        }),
      ),
    );
  const records = [...arm("planted", 0), ...arm("spread", 0.9)];

  expect(claim("control-planted-knowledge-goes").judge(records)[0]!.status).toBe("holds");
  expect(claim("control-spread-knowledge-stays").judge(records)[0]!.status).toBe("holds");
});

test("claims rest on finds alone, and say each control's mean beside them", () => {
  const arms = { found: 0.9, planted: 1, spread: 0.99 };
  const records = Object.entries(arms).flatMap(([arm, value]) =>
    [1, 2].map((concept) =>
      record("cosine", value + concept / 1000, { arm, concept: `${arm}${concept}`, method: "npo" }),
    ),
  );
  const controlsAlone = records.filter(({ setting }) => setting.arm !== "found");

  const [verdict] = claim("fine-tuning-leaves-the-vector").judge(records);

  expect(verdict).toMatchObject({ status: "fails", n: 2 });
  expect(verdict!.evidence).toMatch(
    /^cosine: 0\.90\d .*over 2 found concepts.*; controls: planted 1\.00.*, spread 0\.99/,
  );
  expect(claim("fine-tuning-leaves-the-vector").judge(controlsAlone)[0]).toMatchObject({
    status: "not testable here",
    missing: ["a found concept"],
  });
});

const noise = (arm: string, harm: (concept: number) => number, count = 5): MeasuredRecord[] =>
  Array.from({ length: count }, (_, at) => at + 1).flatMap((concept) => [
    record("enrichment", concept, { arm, concept: `${arm}${concept}` }),
    record("ablatedUnrelated", 1, { arm, concept: `${arm}${concept}`, ablation: "relative-noise" }),
    record("ablatedTarget", 1 - harm(concept), { arm, concept: `${arm}${concept}`, ablation: "relative-noise" }),
  ]);

test("noise-hurts-the-concept fails where no find is hurt, whatever noise does to planted controls", () => {
  const records = [...noise("found", () => 0), ...noise("planted", (concept) => 0.5 + concept / 100)];

  expect(claim("noise-hurts-the-concept").judge(records)[0]).toMatchObject({ status: "fails", n: 5 });
  expect(claim("control-noise-hurts-the-planted").judge(records)[0]).toMatchObject({ status: "holds", n: 5 });
});

test("harm-grows-with-enrichment ranks finds alone, and says how many concepts would decide", () => {
  const judge = (records: MeasuredRecord[]) => claim("harm-grows-with-enrichment").judge(records)[0]!;
  const order = [3, 1, 2, 5, 4];

  const [silent, wavering, few, clear] = [
    judge([...noise("found", () => 0), ...noise("planted", (concept) => concept / 10)]),
    judge(noise("found", (concept) => order[concept - 1]! / 10)),
    judge(noise("found", (concept) => concept / 10, 3)),
    judge(noise("found", (concept) => concept / 10)),
  ];

  expect(silent).toMatchObject({ status: "not testable here" });
  expect(silent.evidence).toContain("controls: planted 1.000 over 5");
  // ρ = 0.6: 3 + ((1.960 + 0.842) · √1.06 / atanh 0.6)² = 20.3
  expect(wavering).toMatchObject({ status: "undecided", n: 5, needed: 21 });
  expect(few).toMatchObject({ status: "undecided", needed: 4 });
  expect(clear.status).toBe("holds");
});
