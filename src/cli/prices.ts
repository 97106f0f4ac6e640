import { readFileSync } from "node:fs";
import { AssayError, type Subject, UsageError } from "#base";
import { type Price, priceOf, priceTable, readPriceTable } from "#evals";
import type { ConductFlags } from "./run-options.ts";

type PriceFlags = Pick<ConductFlags, "budget" | "prices">;

/** The price of a subject by its name: from the file that was named, then from the table that comes with the lab. */
export function pricesOf({ prices: file }: PriceFlags): (subject: string) => Price | undefined {
  const own = file === undefined ? {} : readPriceTable(readText(file), file).prices;
  const prices = { ...priceTable.prices, ...own };
  return (subject) => priceOf(subject, { prices });
}

/** Before anything is asked or created. @throws UsageError PRICE_UNKNOWN for a budget in dollars without a price */
export function requirePrices(subjects: readonly Subject[], flags: PriceFlags): void {
  if (flags.budget === undefined) return;
  const price = pricesOf(flags);
  const unknown = subjects.filter(({ kind, name }) => kind === "api" && price(name) === undefined);
  if (unknown.length === 0) return;
  throw new UsageError(
    "PRICE_UNKNOWN",
    `assay: Expected known prices for a budget in dollars, there is none for ${unknown.map(({ name }) => name).join(", ")}; name a file of prices with --prices, or set --budget-tokens`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new AssayError("PRICES_UNREADABLE", `${file}: Expected a file of prices, could not read it`, {
      cause: error,
    });
  }
}
