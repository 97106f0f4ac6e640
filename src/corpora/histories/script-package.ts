import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { AssayError } from "#base";
import { firstFile, listFolder, readTextFile } from "#formats";

/** An installed package whose sources become a repository. */
export interface ScriptPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** The text of its licence. */
  readonly licenceText: string;
  /** Texts by their path under `src/`. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Packages that everybody has who has this one, with the folder of the sources that are read. */
export const scriptPackages = { diff: "libesm", hyparquet: "src", yaml: "browser/dist" } as const;

/** Reads an installed package. @throws AssayError FILE_MISSING */
export function readScriptPackage(name: keyof typeof scriptPackages): ScriptPackage {
  const root = rootOf(name);
  const { version, license } = JSON.parse(readTextFile(join(root, "package.json")));
  const folder = join(root, scriptPackages[name]);
  const files = listFolder(folder).filter((file) => file.name.endsWith(".js"));
  const sources = files.map((file) => [posix.join("src", file.name), readTextFile(join(folder, file.name))] as const);
  const licence = firstFile(["LICENSE", "LICENSE.md", "license.md"].map((file) => join(root, file)));
  return {
    name,
    version,
    licence: license,
    sources: new Map(sources),
    licenceText: licence === undefined ? license : readTextFile(licence),
  };
}

function rootOf(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.resolve(name)));
  while (folder !== dirname(folder)) {
    const found = firstFile([join(folder, "package.json")]);
    // Packages have small ones inside that say only what kind of module a folder holds.
    if (found !== undefined && JSON.parse(readTextFile(found)).name === name) return folder;
    folder = dirname(folder);
  }
  throw new AssayError("FILE_MISSING", `histories: Found no folder of the package ${name}; run npm install`);
}
