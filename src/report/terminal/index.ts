export { statusSigns } from "../status.ts";
export { visibleLine } from "../visible.ts";
export { wrapped } from "../wrapped.ts";
export { type AlignedTableOptions, alignedTable } from "./aligned.ts";
export { brokenLines } from "./broken.ts";
