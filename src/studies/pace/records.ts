import type { MeasuredRecord } from "#base";
import type { Bench, Examined } from "./bench.ts";
import type { CurveAreas } from "./curves.ts";
import type { Measured } from "./measures.ts";

/** One number a row. */
export function recordsOf(
  { subject, settings }: Pick<Bench, "subject" | "settings">,
  examined: Examined,
): MeasuredRecord[] {
  const { explainer, variant, seed, level, printed, scores, curves, randomCurves, tuning } = examined;
  const setting = { dataset: settings.dataset, explainer, variant, seed, level, ...printed };
  const one = (
    metric: string,
    { value, n, interval }: Measured,
    more: MeasuredRecord["setting"] = {},
  ): MeasuredRecord => ({
    subject,
    setting: { ...setting, ...more },
    metric,
    value,
    n,
    ...(interval === undefined ? {} : { interval }),
  });
  const drawn = (areas: CurveAreas | null, more = {}) =>
    areas === null
      ? []
      : (["deletion", "insertion"] as const).map((name) => one(name, { value: areas[name], n: areas.n }, more));
  return [
    ...Object.entries(scores).map(([metric, measured]) => one(metric, measured)),
    ...drawn(curves),
    ...drawn(randomCurves, { explainer: "random" }),
    one("candidates", { value: tuning.tried, n: 1 }),
  ];
}
