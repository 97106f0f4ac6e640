/** Lines per room, and how many more or fewer than on main: `npm run lines`. */
import { execFileSync } from "node:child_process";
import { countLines, medianLines } from "./check-lines.ts";
import { checkedFolders, isTest, readSources, type SourceFile } from "./sources.ts";

interface Size {
  readonly room: string;
  readonly files: number;
  readonly code: number;
  readonly tests: number;
  readonly difference: number;
}

const files = readSources(".", checkedFolders);
const differences = differencesToMain();
const sizes = [...Map.groupBy(files, ({ path }) => placeOf(path))].map(([room, inside]) => sizeOf(room, inside));

print(["room", "files", "code", "tests", "to main"]);
for (const size of sizes) printSize(size);
printSize({
  room: "all",
  files: sum(sizes.map((size) => size.files)),
  code: sum(sizes.map((size) => size.code)),
  tests: sum(sizes.map((size) => size.tests)),
  difference: sum([...differences.values()]),
});
process.stdout.write(`median file ${medianLines(files)} lines\n`);

function placeOf(path: string): string {
  return path
    .split("/")
    .slice(0, path.startsWith("src/") ? 2 : 1)
    .join("/");
}

function sizeOf(room: string, inside: readonly SourceFile[]): Size {
  const [tests, code] = [true, false].map((kind) => inside.filter(({ path }) => isTest(path) === kind));
  const [testLines, codeLines] = [tests, code].map((some) => sum(some!.map(({ text }) => countLines(text))));
  return { room, files: inside.length, code: codeLines!, tests: testLines!, difference: differences.get(room) ?? 0 };
}

/** Room → lines more (or fewer) than on main; nothing where there is no main to compare with. */
function differencesToMain(): Map<string, number> {
  const byRoom = new Map<string, number>();
  let changes = "";
  try {
    changes = execFileSync("git", ["diff", "--numstat", "main", "--", ...checkedFolders], { encoding: "utf8" });
  } catch {
    process.stderr.write("lines: No branch main here; the last column stays empty\n");
  }
  for (const [added, removed, path] of changes.split("\n").map((line) => line.split("\t"))) {
    if (!path?.match(/\.tsx?$/)) continue;
    byRoom.set(placeOf(path), (byRoom.get(placeOf(path)) ?? 0) + Number(added) - Number(removed));
  }
  return byRoom;
}

function printSize({ room, files, code, tests, difference }: Size): void {
  const change = difference > 0 ? `+${difference}` : difference === 0 ? "" : String(difference);
  print([room, String(files), String(code), String(tests), change]);
}

function print([room, ...numbers]: string[]): void {
  process.stdout.write(`${room!.padEnd(20)}${numbers.map((cell) => cell.padStart(8)).join("")}\n`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
