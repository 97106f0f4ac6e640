export { type Break, scriptHistory } from "./script-history.ts";
export { scriptPackages } from "./script-package.ts";
export type { GeneratedHistory, Issue } from "./timeline.ts";
