/** Writes LICENSES.md: `npm run licences`. */
import { readFileSync, writeFileSync } from "node:fs";
import { licencesPage } from "./licences.ts";

const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));

writeFileSync("LICENSES.md", licencesPage(read("package-lock.json"), read("scripts/licence-reasons.json")));
