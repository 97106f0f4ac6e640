/** Source text that is on every machine after `npm install`: the project's own dependencies. */
import { join } from "node:path";
import { sha256 } from "#base";
import { listFolder, readTextFile } from "#formats";

/** A file of a package. */
export interface SourceText {
  /** `zod@4.6.7/v4/core/api.js` */
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the text. */
  readonly hash: string;
}

/** Which files are taken. */
export interface PackageSourcesOptions {
  /** No more characters than these of one package, so that none outweighs the rest. */
  readonly charactersOfPackage: number;
}

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

/** Licences that ask for no more than to be named. */
const permissive = new Set(
  "0BSD Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 ISC MIT Unlicense Zlib".split(" "),
);

/** What a package's licence allows; of two that are offered, one is enough. */
function isPermissive({ license = "" }: LockedPackage): boolean {
  return license
    .replaceAll(/[()]/g, "")
    .split(" OR ")
    .some((one) => permissive.has(one));
}

/** Others are installed on some machines only. */
const isEverywhere = ({ optional, devOptional, os, cpu }: LockedPackage): boolean =>
  !optional && !devOptional && os === undefined && cpu === undefined;

/**
 * JavaScript and type declarations of the packages in a project's lock file, in the order of packages and of hashes
 * within each: the same installation gives the same list.
 *
 * @throws AssayError FILE_MISSING when a package is not installed
 */
export function packageSources(project: string, { charactersOfPackage }: PackageSourcesOptions): SourceText[] {
  const lock = JSON.parse(readTextFile(join(project, "package-lock.json")));
  const packages = Object.entries(lock.packages as Readonly<Record<string, LockedPackage>>)
    .filter(([path, found]) => path !== "" && isEverywhere(found) && isPermissive(found))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const seen = new Set<string>();
  return packages.flatMap(([path, { version }]) => {
    const name = `${path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)}@${version}`;
    const fresh = sourcesOf(join(project, path), name).filter(({ hash }) => !seen.has(hash) && seen.add(hash));
    return takeCharacters(fresh, charactersOfPackage);
  });
}

const smallest = 400;
const largest = 2 ** 16;
const isSource = /\.([cm]?js|d\.[cm]?ts|ts)$/;
const isElsewhere = /(^|\/)node_modules\/|\.min\./;

function sourcesOf(folder: string, name: string): SourceText[] {
  return listFolder(folder)
    .filter(({ name: file, bytes }) => bytes >= smallest && bytes <= largest && isSource.test(file))
    .filter(({ name: file }) => !isElsewhere.test(file))
    .map(({ name: file }) => ({ name: `${name}/${file}`, text: readTextFile(join(folder, file)) }))
    .filter(({ text }) => isWrittenByPeople(text))
    .map((file) => ({ ...file, hash: sha256(Buffer.from(file.text)) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));
}

/** Minified code, tables and inlined maps have long lines. */
function isWrittenByPeople(text: string): boolean {
  const lines = text.split("\n");
  return text.length / lines.length < 80 && lines.every(({ length }) => length < 1000) && !text.includes("\uFFFD");
}

function takeCharacters(files: readonly SourceText[], limit: number): SourceText[] {
  let taken = 0;
  return files.filter(({ text }) => {
    if (taken + text.length > limit) return false;
    taken += text.length;
    return true;
  });
}
