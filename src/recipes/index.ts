export { atlas } from "./atlas.ts";
export { code } from "./code.ts";
