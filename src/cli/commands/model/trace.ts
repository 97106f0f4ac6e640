import type { Command } from "commander";
import { type Tensor, UsageError } from "#base";
import { batchOf, loadVisionModel, type Trace, trace, traceVision } from "#models";
import { collect } from "../../assignments.ts";
import { type Desk, printTable } from "../../desk.ts";
import { documentVersion } from "../../documents/index.ts";
import { fetchNotice } from "./fetch-notice.ts";
import { addOpenOptions, type OpenFlags, openModel } from "./open.ts";

interface TraceFlags extends OpenFlags {
  readonly text?: string;
  readonly ids?: readonly number[];
  readonly picture?: string;
  readonly taps?: readonly string[];
}

/** `assay model trace MODEL`: the activations of one text, or of one picture. */
export function addTrace(program: Command, desk: Desk): void {
  addOpenOptions(program.command("trace"))
    .option("--text <text>", "the text")
    .option("--ids <ids>", "token ids instead of a text: 1,2,3", idList)
    .option("--picture <file>", "the picture, of a model that sees")
    .option("--taps <names>", "which activations: logits,blocks.0.residual; repeat for more", nameList)
    .description("the activations of one text or picture, by name, in full")
    .action(async (place: string, flags: TraceFlags) => {
      if (flags.picture !== undefined) {
        const found = await tracePicture(place, { ...flags, picture: flags.picture }, desk);
        if (flags.json) printTrace(found, desk);
        else printSummary(found, desk);
        return;
      }
      if ((flags.text === undefined) === (flags.ids === undefined)) {
        throw new UsageError("TEXT_MISSING", "trace: Expected --text, --ids or --picture, got several or none");
      }
      using model = await openModel(place, flags, desk);
      const given = flags.text === undefined ? { ids: flags.ids! } : { text: flags.text };
      const found = await trace(model, { ...given, taps: flags.taps ?? ["logits"] });
      if (flags.json) printTrace(found, desk);
      else printSummary(found, desk);
    });
}

/** Activations of a vision model; there are no token ids. @throws AssayError PICTURE_UNREADABLE, TAP_UNKNOWN */
async function tracePicture(
  place: string,
  { picture, taps = ["logits"] }: TraceFlags & { readonly picture: string },
  desk: Desk,
): Promise<Trace> {
  const model = await loadVisionModel(place, { environment: desk.environment(), onEvent: fetchNotice(desk) });
  for (const warning of model.warnings) desk.tell(warning);
  const pixels = batchOf([await model.picture(picture)]);
  return { ids: [], taps: (await traceVision(model, { pixels, taps })).taps };
}

/** Reads "1,2,3". @throws UsageError BAD_NUMBER */
export function idList(text: string): number[] {
  const ids = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (ids.every((id) => Number.isSafeInteger(id) && id >= 0)) return ids;
  throw new UsageError("BAD_NUMBER", `assay: Expected --ids to be whole numbers such as 1,2,3, got "${text}"`);
}

const nameList = (text: string, earlier: readonly string[] = []): string[] =>
  text.split(",").reduce((names, name) => collect(name.trim(), names), [...earlier]);

/** Numbers at once: a whole trace may be longer than a string can be. */
const numbersAtOnce = 65_536;

/** The document "model trace", written in pieces. */
function printTrace({ ids, taps }: Trace, desk: Desk): void {
  desk.printPart(`{"schema":"assay/${documentVersion}","ids":${JSON.stringify(ids)},"taps":{`);
  for (const [at, [name, tensor]] of Object.entries(taps).entries()) {
    desk.printPart(`${at === 0 ? "" : ","}\n${JSON.stringify(name)}:{"shape":${JSON.stringify(tensor.shape)},"data":[`);
    for (let from = 0; from < tensor.data.length; from += numbersAtOnce) {
      desk.printPart(`${from === 0 ? "" : ","}${numbers(tensor, from)}`);
    }
    desk.printPart("]}");
  }
  desk.print("}}");
}

/** Nine digits give every float32 back. JSON has no NaN. */
function numbers({ data }: Tensor, from: number): string {
  const part = Array.from((data as Float32Array).subarray(from, from + numbersAtOnce));
  return part.map((value) => (Number.isFinite(value) ? String(Number(value.toPrecision(9))) : "null")).join(",");
}

function printSummary({ taps }: Trace, desk: Desk): void {
  const rows = Object.entries(taps).map(([name, { shape, data }]) => {
    const values = data as Float32Array;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const root = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    return [name, `[${shape.join(", ")}]`, mean.toFixed(4), root.toFixed(4)];
  });
  printTable(desk, [["tap", "shape", "mean", "root mean square"], ...rows]);
  desk.tell("\nAll numbers:  --json");
}
