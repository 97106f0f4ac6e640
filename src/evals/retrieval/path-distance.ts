import { posix } from "node:path";

/**
 * How many folders lie between two files.
 *
 *     distance = (parts of a − c − 1) + (parts of b − c − 1)     c = parts that both paths begin with
 *
 * Two files of one folder are at 0; a file is at −2 from itself.
 *
 * @example pathDistance("src/a.py", "src/x/b.py") // 1
 *
 * Source   Long Code Arena, project-level code completion, path distance composer
 */
export function pathDistance(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  let shared = 0;
  while (shared < left.length && shared < right.length && left[shared] === right[shared]) shared++;
  return left.length - shared - 1 + (right.length - shared - 1);
}

const partsOf = (path: string): string[] =>
  posix
    .normalize(path)
    .replace(/(?<=.)\/$/, "")
    .split("/");
