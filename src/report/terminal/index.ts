export { alignedTable } from "../aligned.ts";
export { statusSigns } from "../status.ts";
