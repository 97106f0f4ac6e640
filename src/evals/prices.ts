import { z } from "zod";
import { UsageError } from "#base";
import table from "./prices.json" with { type: "json" };
import type { Price } from "./scheduler/budget.ts";
import { parseSubjectName } from "./subjects/resolve.ts";
import { services } from "./subjects/services.ts";

/** List prices with their date and where they were read. */
export interface PriceTable {
  readonly date: string;
  readonly source: string;
  readonly note: string;
  /** By subject name without the date of a snapshot, unless a snapshot costs something else. */
  readonly prices: Readonly<Record<string, Price>>;
}

const price = z.strictObject({ input: z.number().nonnegative(), output: z.number().nonnegative() });
const tableShape = z.strictObject({
  date: z.iso.date(),
  source: z.string(),
  note: z.string().default(""),
  prices: z.record(z.string(), price),
});

/** Reads a table of the user's own, in the form of the one that comes with the lab. @throws UsageError BAD_PRICES */
export function readPriceTable(text: string, name: string): PriceTable {
  const found = tableShape.safeParse(parsed(text));
  if (found.success) return found.data;
  const problems = found.error.issues.map(({ path, message }) => `${path.join(".") || "file"}: ${message}`).join("; ");
  throw new UsageError(
    "BAD_PRICES",
    `${name}: Expected {"date", "source", "prices": {"openai/…": {"input", "output"}}} in US dollars per million tokens; ${problems}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The table that comes with the lab. */
export const priceTable: PriceTable = table;

const free: Price = { input: 0, output: 0 };

/**
 * The price of a subject: nothing for what runs on this machine, else the table's row for its name, or for its name
 * without the date at the end (`-2024-08-06`, `-20240229`).
 *
 * @returns undefined when nobody knows
 */
export function priceOf(subject: string, { prices }: Pick<PriceTable, "prices"> = priceTable): Price | undefined {
  if (!Object.hasOwn(services, parseSubjectName(subject).scheme)) return free;
  return prices[subject] ?? prices[subject.replace(/-(\d{8}|\d{4}-\d\d-\d\d)$/, "")];
}
