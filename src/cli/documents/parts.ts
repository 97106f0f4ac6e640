import { z } from "zod";
import type { Json } from "#base";

/** A list as types of the lab have it. */
export const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();

/** Any JSON value. */
export const json: z.ZodType<Json, Json> = z.json() as never;

/** A range a measured number may lie in. */
export const interval = z.object({ low: z.number(), high: z.number(), level: z.number(), method: z.string() });

/** The judgement of one claim. */
export const verdict = z.object({
  claim: z.string(),
  subject: z.string().optional(),
  status: z.enum(["holds", "fails", "undecided", "not testable here"]),
  evidence: z.string(),
  n: z.number().optional(),
  seeds: z.number().optional(),
  interval: interval.optional(),
  needed: z.number().optional(),
  missing: list(z.string()).optional(),
});

const comparability = z.object({
  data: z.string(),
  prompt: z.string(),
  split: z.string(),
  scorer: z.string(),
  settings: z.string(),
});

/** One measured number. */
export const record = z.object({
  subject: z.string(),
  setting: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  metric: z.string(),
  value: z.number().nullable(),
  n: z.number(),
  interval: interval.optional(),
  group: z.string().optional(),
  comparability: comparability.optional(),
});

/** A published table with the measured rows that stand in it, and those that stand apart with the reasons. */
export const table = z.object({
  id: z.string(),
  title: z.string(),
  source: z.string(),
  certainty: z.string(),
  unit: z.string(),
  columns: list(z.string()),
  /** What each row is; a subject when absent. */
  rowLabel: z.string().optional(),
  /** Headings over neighbouring columns. */
  spans: list(z.object({ label: z.string(), columns: z.number() })).optional(),
  isDetail: z.boolean().optional(),
  published: list(z.object({ subject: z.string(), cells: list(z.number().nullable()) })),
  measured: list(
    z.object({
      subject: z.string(),
      kind: z.string(),
      cells: list(
        z
          .object({
            value: z.number().nullable(),
            n: z.number(),
            interval: interval.optional(),
            group: z.string().optional(),
          })
          .nullable(),
      ),
      apart: list(z.string()),
    }),
  ),
});

/** One line of `assay runs`. */
export const runSummary = z.object({
  id: z.string(),
  study: z.string(),
  status: z.enum(["running", "finished", "stopped", "failed", "refused", "interrupted"]),
  subjects: list(z.string()),
  preset: z.string(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  resultHash: z.string().nullable(),
  note: z.string().nullable(),
});

/** What decides what a run measures. */
export const manifest = z.object({
  study: z.string(),
  settings: json,
  preset: z.string(),
  seed: z.number(),
  limit: z.number().nullable(),
  data: json,
  subjects: list(z.object({ name: z.string(), kind: z.string(), identity: json })),
  code: z.string(),
});
