/**
 * The kill test at length: `node --conditions=assay-source scripts/kill-trials.ts [kills] [seed]`, 1,000 kills unless told.
 */
import { killTrials } from "../test/kill/trial.ts";

const [kills = "1000", seed = "0"] = process.argv.slice(2);
const { hashes, uninterrupted, ...report } = await killTrials({ kills: Number(kills), seed: Number(seed) });
const differing = hashes.filter((hash) => hash !== uninterrupted).length;
console.log({ ...report, runs: hashes.length, differing });
process.exitCode = report.askedAgain === 0 && report.mostLost <= 8 && differing === 0 ? 0 : 1;
