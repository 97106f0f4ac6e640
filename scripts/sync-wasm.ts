/** Assembles every `.wat` file under src into a `-wasm.ts` file beside it: `npm run wasm`. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { assemble } from "./assemble.ts";
import { listFiles } from "./sources.ts";

for (const path of listFiles(".", "src").filter((file) => file.endsWith(".wat"))) {
  writeFileSync(path.replace(/\.wat$/, "-wasm.ts"), await assemble(basename(path, ".wat"), readFileSync(path, "utf8")));
}
