import { readFileSync } from "node:fs";

/** The version in package.json, two folders up in a checkout and in an installed package alike. */
export function packageVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
