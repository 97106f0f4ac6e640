/** Loads a folder once in a process of its own: `node load-model.ts FOLDER`; prints seconds and the growth of its memory. */
import { loadModel } from "#models";

const folder = process.argv[2]!;
const peak = (): number => process.resourceUsage().maxRSS * 1024;
const [before, began] = [process.memoryUsage.rss(), performance.now()];
const model = await loadModel(folder);
const seconds = (performance.now() - began) / 1000;
console.log(JSON.stringify({ seconds, bytes: peak() - before, name: model.name }));
