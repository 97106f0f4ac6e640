/**
 * Records in, pictures out: tables beside the paper's, figures, and the samples behind each number.
 *
 *     const svg = heatMap({ title, rows, columns, unit: "%", cells: [{ row, column, value, n, href: groupLink(group.id) }] });
 *     const report: Report = { …, tables: [comparedTable(published, { records, kinds })], figures: [{ id, title, caption, svg }], groups: [group] };
 *     for (const piece of renderHtml(report)) write(piece);
 *
 * A record's `group` and a cell's `groupLink()` both name a `SampleGroup.id`; a table's number becomes a link when the
 * report holds that group.
 */

export { groupLink, sampleLink } from "./anchors.ts";
export type { NumberAxis } from "./figures/axes.ts";
export { type ConceptPageOptions, conceptPage } from "./figures/concept-page.ts";
export { type HeatMapCell, type HeatMapOptions, heatMap } from "./figures/heat-map.ts";
export { curve, type LineChartOptions, lineChart } from "./figures/line-chart.ts";
export type { Palette } from "./figures/palettes.ts";
export {
  type GalleryGroup,
  type GalleryRow,
  type GalleryTile,
  type PictureGalleryOptions,
  pictureGallery,
} from "./figures/picture-gallery.ts";
export type { ChartPoint, ChartSeries } from "./figures/series.ts";
export type { FigureText } from "./figures/shapes.ts";
export { barChart, type ChartValue, dotPlot, type ValueChartOptions } from "./figures/value-chart.ts";
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
export { type AlignedTableOptions, alignedTable } from "./terminal/aligned.ts";
export { reportText, type TextOptions, tableText, verdictsText } from "./text.ts";
export { visible, visibleLine } from "./visible.ts";
