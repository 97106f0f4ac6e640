import { posix } from "node:path";
import type { SourceFile, Violation } from "./sources.ts";

const banned = new Set(["util", "utils", "helper", "helpers", "common", "misc"]);
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Files and folders are in kebab-case, and none is named after having no better name. */
export function checkNames(files: readonly SourceFile[]): Violation[] {
  return files.flatMap(({ path }) => {
    const names = [...posix.dirname(path).split("/"), posix.basename(path).split(".")[0]!];
    return names.flatMap((name) => judge(name).map((message) => ({ file: path, line: 1, message })));
  });
}

function judge(name: string): string[] {
  const word = name.split("-").find((part) => banned.has(part.toLowerCase()));
  if (word !== undefined) return [`"${name}" says nothing; name it after what it holds`];
  return kebab.test(name) ? [] : [`"${name}" is not in kebab-case`];
}
