/** Lays out the folder of a new study: `npm run new study <slug>`. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { studyTemplate } from "./study-template.ts";

const [what, slug = ""] = process.argv.slice(2);
const folder = join("src", "studies", slug);

if (what !== "study" || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)) {
  fail(`new: Expected "study" and the paper's short name in kebab-case, got "${process.argv.slice(2).join(" ")}"`);
} else if (existsSync(folder)) {
  fail(`new: Expected a study that is not there yet, got ${folder}`);
} else {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(studyTemplate(slug))) writeFileSync(join(folder, name), text);
  process.stdout.write(`${folder} is laid out. Next:
  1. src/studies/registry.ts: "${slug}": async () => (await import("./${slug}/module.ts")).default,
  2. npm run exports
  3. npm test -- ${folder}        one test fails until claims.ts is written
`);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
