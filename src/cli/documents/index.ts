import { z } from "zod";
import { modelDocuments } from "./model.ts";
import { interval, json, list, manifest, record, runSummary, table, verdict } from "./parts.ts";

/** Version of what `--json` prints; it grows when a field changes its meaning or goes. */
export const documentVersion = 1;

const result = z.object({
  run: z.string(),
  study: z.string(),
  claims: list(verdict),
  tables: list(table),
  records: list(record),
});

const scored = z.object({
  signature: z.string(),
  metrics: z.record(z.string(), z.object({ value: z.number(), n: z.number() })),
  empty: z.number(),
  perSample: list(z.record(z.string(), json).nullable()).optional(),
});

const side = z.object({ run: z.string(), subject: z.string() });

/** What each command prints after `--json`, by its name. */
export const documents = {
  run: result,
  resume: result,
  tour: z.object({ results: list(result), reports: list(z.string()) }),
  plan: z.object({
    study: z.string(),
    settings: json,
    plan: z.object({
      samples: z.number(),
      calls: z.number(),
      images: z.number(),
      imageBytes: z.number(),
      inputTokens: z.number(),
      outputTokens: z.number(),
      notes: list(z.string()),
    }),
    costs: list(z.object({ subject: z.string(), usd: z.number().nullable() })),
  }),
  runs: z.object({ runs: list(runSummary) }),
  show: z.object({
    run: runSummary,
    manifest,
    groups: list(z.object({ subject: z.string(), group: z.string(), answered: z.number() })),
    claims: list(verdict),
    records: list(record),
  }),
  compare: z.object({
    first: side,
    second: side,
    alpha: z.number(),
    rows: list(
      z.object({
        group: z.string(),
        metric: z.string(),
        n: z.number(),
        first: z.number(),
        second: z.number(),
        difference: z.number(),
        interval,
        pValue: z.number(),
        adjustedPValue: z.number(),
        method: z.string(),
        decision: z.enum(["first is higher", "second is higher", "undecided"]),
        detectable: z.number().nullable(),
        moreNeeded: z.number().nullable(),
      }),
    ),
    /** Numbers of the same cells, where the runs stored no samples: computed work. */
    records: list(
      z.object({
        setting: record.shape.setting,
        metric: z.string(),
        first: z.number(),
        second: z.number(),
        difference: z.number(),
      }),
    ),
  }),
  report: z.object({ report: z.string() }),
  export: z.object({ file: z.string(), rows: z.number() }),
  score: z.union([scored, z.object({ files: list(scored.extend({ file: z.string() })) })]),
  metric: z.union([
    z.object({ signature: z.string(), value: z.number().nullable(), n: z.number(), perSample: list(z.number()) }),
    z.object({ signature: z.string(), n: z.number(), scores: list(z.number()) }),
  ]),
  claims: z.object({
    claims: list(
      z.object({
        study: z.string(),
        id: z.string(),
        statement: z.string(),
        place: z.string(),
        certainty: z.string(),
        test: z.object({ statistic: z.string(), direction: z.string(), margin: z.string() }),
        needs: list(z.string()),
        verdicts: list(verdict.extend({ run: z.string(), preset: z.string() })),
      }),
    ),
  }),
  studies: z.object({
    studies: list(
      z.object({
        id: z.string(),
        paper: z.object({
          title: z.string(),
          authors: z.string(),
          venue: z.string(),
          link: z.string(),
          claim: z.string(),
        }),
        question: z.string(),
        needs: z.object({ subject: z.string(), mini: z.string(), paper: z.string() }),
      }),
    ),
  }),
  doctor: z.object({
    findings: list(z.object({ what: z.string(), found: z.string(), ok: z.boolean(), advice: z.string().optional() })),
    movedAside: z.string().optional(),
  }),
  ...modelDocuments,
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** The commands that print a document; `plan` is `run --dry-run`. */
export type DocumentName = keyof typeof documents;

/** What a command prints, without the version that stands first in it. */
export type DocumentOf<Name extends DocumentName> = z.input<(typeof documents)[Name]>;

/** The names of all documents. */
export const documentNames = Object.keys(documents) as readonly DocumentName[];

/** A document's shape as JSON Schema. */
export function jsonSchemaOf(name: DocumentName): object {
  const versioned = z.object({ schema: z.literal(`assay/${documentVersion}`) });
  return { title: `assay ${name} --json`, ...z.toJSONSchema(z.intersection(versioned, documents[name])) };
}
