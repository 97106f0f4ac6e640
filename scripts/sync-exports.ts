/** Writes package.json's `exports` from the folders: `npm run exports`. */
import { readFileSync, writeFileSync } from "node:fs";
import { doorsOf } from "./check-exports.ts";
import { readSources } from "./sources.ts";

const written = JSON.parse(readFileSync("package.json", "utf8"));
written.exports = doorsOf(readSources(".", ["src"]));
writeFileSync("package.json", `${JSON.stringify(written, null, 2)}\n`);
