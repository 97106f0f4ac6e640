export { alignedTable } from "../aligned.ts";
