export { alignedTable } from "./aligned.ts";
export { groupLink, sampleLink } from "./anchors.ts";
export { renderHtml } from "./page/document.ts";
export type {
  Figure,
  PictureMark,
  Report,
  ReportedRun,
  ReportedVerdict,
  SampleGroup,
  ShownPicture,
  ShownSample,
} from "./report.ts";
export {
  type ComparedTable,
  type ComparedTableOptions,
  comparedTable,
  type MeasuredCell,
  type MeasuredRow,
  type TableSpan,
} from "./table.ts";
export { reportText, tableText } from "./text.ts";
