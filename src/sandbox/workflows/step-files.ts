import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isFolder, removeFolder, textOfFile } from "../work-folder.ts";

/** The files through which a step tells later ones something. A step may have put anything in their place. */
export class StepFiles {
  readonly folder: string;

  constructor(room: string) {
    this.folder = join(room, ".runner");
  }

  /** Begins with a new folder of empty files and returns the variables that name them. */
  prepare(): Record<string, string> {
    removeFolder(this.folder);
    mkdirSync(this.folder);
    const names = { GITHUB_ENV: "env", GITHUB_OUTPUT: "output", GITHUB_PATH: "path", GITHUB_STEP_SUMMARY: "summary" };
    const paths = Object.entries(names).map(([name, file]) => [name, join(this.folder, file)] as const);
    for (const [, path] of paths) writeFileSync(path, "");
    return Object.fromEntries(paths);
  }

  /** Writes a script into the new folder and returns its path. */
  script(text: string, ending: string): string {
    const path = join(this.folder, `step.${ending}`);
    writeFileSync(path, text);
    return path;
  }

  variables = (): Record<string, string> => assignments(this.#text("env"));
  outputs = (): Record<string, string> => assignments(this.#text("output"));
  paths = (): string[] => this.#text("path").split("\n").filter(Boolean);

  #text(name: string): string {
    return isFolder(this.folder) ? textOfFile(join(this.folder, name)) : "";
  }
}

/** `NAME=value` lines, and values of several lines as `NAME<<END … END`. */
export function assignments(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const [, name, sign, rest = ""] = /^([\w-]+)(=|<<)(.*)$/.exec(lines[at]!) ?? [];
    if (name === undefined) continue;
    if (sign === "=") {
      found[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, at + 1);
    found[name] = lines.slice(at + 1, end < 0 ? undefined : end).join("\n");
    at = end < 0 ? lines.length : end;
  }
  return found;
}
