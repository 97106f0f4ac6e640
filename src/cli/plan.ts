import { type Plan, showSetting } from "#runs";
import type { Desk } from "./desk.ts";

/** What a plan costs with one subject; null where nobody knows its price. */
export interface PlannedCost {
  readonly subject: string;
  readonly usd: number | null;
}

/** What `--dry-run` shows. */
export interface PrintedPlan {
  readonly plan: Plan;
  readonly costs: readonly PlannedCost[];
  /** As they would be frozen into the run. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Prints settings, calls, tokens, images, bytes and the estimated cost of each subject. */
export function printPlan({ plan, costs, settings = {} }: PrintedPlan, desk: Desk): void {
  const count = (value: number): string => Math.round(value).toLocaleString("en-US");
  desk.print(`samples        ${count(plan.samples)}`);
  desk.print(`calls          ${count(plan.calls)} for each subject`);
  desk.print(`images         ${count(plan.images)}, about ${readableBytes(plan.imageBytes)}`);
  desk.print(`input tokens   about ${count(plan.inputTokens)}`);
  desk.print(`output tokens  at most ${count(plan.outputTokens)}`);
  for (const { subject, usd } of costs) {
    desk.print(`cost           ${subject}: ${usd === null ? "price unknown" : `about $${usd.toFixed(2)}`}`);
  }
  for (const note of plan.notes) desk.print(`  ${note}`);
  for (const [name, value] of Object.entries(settings)) desk.print(`  --set ${name}=${showSetting(value)}`);
}

/** 1,536 → "1.5 KiB". */
export function readableBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
