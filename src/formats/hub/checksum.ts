import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import type { HubFile } from "./hub-client.ts";

/**
 * The hash under which the hub knows a file: SHA-256 of its bytes, or Git's name of the blob.
 *
 *     git = SHA-1("blob " + length + NUL + bytes)
 */
export async function checksumOf(path: string, kind: HubFile["checksum"]): Promise<string> {
  const hash = createHash(kind === "git" ? "sha1" : "sha256");
  if (kind === "git") hash.update(`blob ${statSync(path).size}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  return hash.digest("hex");
}
