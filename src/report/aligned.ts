import stringWidth from "string-width";

/** A table for the terminal: columns padded to their widest cell, numbers to the right, everything else to the left. */
export function alignedTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, at) =>
    Math.max(...[name, ...rows.map((row) => row[at] ?? "")].map((cell) => stringWidth(cell))),
  );
  const numeric = header.map((_, at) => rows.length > 0 && rows.every((row) => looksNumeric(row[at] ?? "")));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => pad(cell, widths[at]!, numeric[at]!))
      .join("  ")
      .trimEnd();
  return [line(header), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}

const looksNumeric = (cell: string): boolean => /^$|^[–—-]$|^[-+~≤≥<>]?\d/.test(cell);

// Padded by what a terminal shows: a CJK character takes two cells, a combining mark none.
function pad(cell: string, width: number, toTheRight: boolean): string {
  const space = " ".repeat(width - stringWidth(cell));
  return toTheRight ? space + cell : cell + space;
}
