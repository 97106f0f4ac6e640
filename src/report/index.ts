export { alignedTable } from "./aligned.ts";
export type { Figure, Report, ReportedRun, SampleGroup, ShownPicture, ShownSample } from "./report.ts";
export { type ComparedTable, comparedTable, type MeasuredCell, type MeasuredRow } from "./table.ts";
export { reportText, tableText } from "./text.ts";
