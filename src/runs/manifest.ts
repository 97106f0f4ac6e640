import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashOf, type Json, sha256 } from "#base";
import type { Preset } from "./settings.ts";

/** Everything that decides what a run measures. Its hash is the run's identity; times and hosts are no part of it. */
export interface Manifest {
  readonly study: string;
  readonly settings: Json;
  readonly preset: Preset;
  readonly seed: number;
  readonly limit: number | null;
  /** Hashes of the data, from the study. */
  readonly data: Json;
  readonly subjects: readonly { readonly name: string; readonly kind: string; readonly identity: Json }[];
  readonly code: string;
}

/** A run's identity: equal manifests, equal identities. */
export function identityOf(manifest: Manifest): string {
  return hashOf(manifest);
}

/** The package's version and a hash of its code, so that a number can be traced to the lines that made it. */
export function codeVersion(): string {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const { version } = JSON.parse(readFileSync(join(root, "../package.json"), "utf8")) as { version: string };
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(isCode).sort();
  const digest = sha256(files.map((file) => `${file}\n${sha256(readFileSync(join(root, file)))}`).join("\n"));
  return `${version}+${digest.slice(0, 12)}`;
}

const isCode = (file: string): boolean => /\.(ts|js|json)$/.test(file) && !/\.(test|test-d|d)\.ts$/.test(file);
