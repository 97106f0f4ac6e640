import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * A function of @stdlib that is loaded when it is first called.
 *
 * Its distributions span 400 small modules, some 70 ms: `assay --help` need not wait for them.
 */
function lazily(name: string): (...numbers: number[]) => number {
  let loaded: ((...numbers: number[]) => number) | undefined;
  return (...numbers) => {
    loaded ??= require(`@stdlib/${name}`) as (...numbers: number[]) => number;
    return loaded(...numbers);
  };
}

export const betaQuantile = lazily("stats-base-dists-beta-quantile");
export const binomialCdf = lazily("stats-base-dists-binomial-cdf");
export const digamma = lazily("math-base-special-digamma");
export const erfcinv = lazily("math-base-special-erfcinv");
export const gammaln = lazily("math-base-special-gammaln");
export const normalCdf = lazily("stats-base-dists-normal-cdf");
export const studentQuantile = lazily("stats-base-dists-t-quantile");
