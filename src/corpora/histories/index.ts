export { libraryHistory } from "./library-history.ts";
export { type LibraryTheme, libraryThemes, type ModuleTheme } from "./python-library.ts";
export { type Break, scriptHistory } from "./script-history.ts";
export { scriptPackages } from "./script-package.ts";
export type { GeneratedHistory, Issue } from "./timeline.ts";
