/**
 * The kill test at length: `node --conditions=assay-source scripts/kill-trials.ts [kills] [seed]`, 1,000 kills unless told.
 */
import { killTrials } from "../test/kill/trial.ts";

const [kills = "1000", seed = "0"] = process.argv.slice(2);
const began = performance.now();
const { hashes, uninterrupted, ...report } = await killTrials({ kills: Number(kills), seed: Number(seed) });
const differing = hashes.filter((hash) => hash !== uninterrupted).length;
const seconds = Math.round((performance.now() - began) / 1000);
console.log({ ...report, runs: hashes.length, differing, seconds });
const isWell = report.askedAgain === 0 && report.mostLost <= 8 && report.halfReports === 0 && differing === 0;
process.exitCode = isWell ? 0 : 1;
