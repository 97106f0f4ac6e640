/** Packs what is published into a folder: `npm run package -- FOLDER` leaves `assay-<version>.tgz` there. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const target = resolve(process.argv[2] ?? ".");
const stage = mkdtempSync(join(tmpdir(), "assay-pack-"));
try {
  execFileSync(process.execPath, ["scripts/build.ts", join(stage, "dist")], { stdio: "inherit" });
  writeFileSync(join(stage, "package.json"), JSON.stringify(publishedManifest(), null, 2));
  for (const name of ["bin", "miniatures", "LICENSE", "LICENSES.md", "README.md"].filter((one) => existsSync(one))) {
    cpSync(name, join(stage, name), { recursive: true });
  }
  mkdirSync(target, { recursive: true });
  execFileSync("npm", ["pack", "--silent", "--pack-destination", target], { cwd: stage, stdio: "inherit" });
} finally {
  rmSync(stage, { recursive: true });
}

/** Without what only a checkout needs; above all without the Node binaries, which would shadow the user's own. */
function publishedManifest(): object {
  const { optionalDependencies, devDependencies, scripts, allowScripts, ...published } = JSON.parse(
    readFileSync("package.json", "utf8"),
  );
  return published;
}
