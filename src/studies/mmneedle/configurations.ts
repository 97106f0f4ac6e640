import type { Split } from "./needles.ts";
import type { Settings } from "./settings.ts";

/** One setting of the benchmark. */
export interface Configuration {
  /** M */
  readonly pictures: number;
  /** N */
  readonly side: number;
  /** K */
  readonly needles: number;
}

/** The splits, in the order in which they are asked. */
export const splits = ["positive", "negative", "mixed"] as const satisfies readonly Split[];

/**
 * Every (M, N, K) of a run, one needle first. (1, 1) is left out of a sweep: to find a picture in a single picture is
 * trivial.
 *
 * Source   Wang et al. 2025, MMNeedle, §3.2
 */
export function configurationsOf({
  pictures,
  side,
  needles,
}: Pick<Settings, "pictures" | "side" | "needles">): Configuration[] {
  const crossed = needles.flatMap((k) =>
    pictures.flatMap((m) => side.map((n) => ({ pictures: m, side: n, needles: k }))),
  );
  const beyondTrivial = crossed.filter((one) => one.pictures > 1 || one.side > 1);
  return beyondTrivial.length > 0 ? beyondTrivial : crossed;
}

/** How many samples of each split a configuration asks; `limit` caps each of them. */
export function samplesOf(
  { needles }: Configuration,
  { settings, limit = Number.POSITIVE_INFINITY }: { readonly settings: Settings; readonly limit?: number },
): Readonly<Record<Split, number>> {
  const each = needles === 1 ? settings.samples : settings.samplesOfSeveral;
  const mixed = needles === 1 ? 0 : settings.mixed;
  return { positive: Math.min(each, limit), negative: Math.min(each, limit), mixed: Math.min(mixed, limit) };
}

/** `M1-N2-K1`. */
export const nameOf = ({ pictures, side, needles }: Configuration): string => `M${pictures}-N${side}-K${needles}`;

/** The group of samples behind a number: `M1-N2-K1/positive`. */
export const groupOf = (configuration: Configuration, split: Split): string => `${nameOf(configuration)}/${split}`;

/** `M1-N2-K1/0042`. */
export const sampleIdOf = (configuration: Configuration, id: number): string =>
  `${nameOf(configuration)}/${String(id).padStart(4, "0")}`;
