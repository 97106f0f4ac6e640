import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { exportModel } from "#models";
import { type Desk, printJson } from "../../desk.ts";
import { addOpenOptions, type OpenFlags, openModel } from "./open.ts";

interface ExportFlags extends OpenFlags {
  readonly output: string;
  readonly external?: boolean;
}

/** `assay model export MODEL -o model.onnx`: the model for ONNX Runtime. */
export function addModelExport(program: Command, desk: Desk): void {
  addOpenOptions(program.command("export"))
    .requiredOption("-o, --output <file>", "the ONNX file to write")
    .option("--external", "keep large tensors in a file beside it, as models above 2 GiB must")
    .description("write the model as ONNX, with its keys and values as inputs and outputs")
    .action(async (place: string, flags: ExportFlags) => {
      using model = await openModel(place, flags, desk);
      mkdirSync(dirname(flags.output), { recursive: true });
      const exported = exportModel(model, flags.output, flags.external ? { external: true } : {});
      if (flags.json) printJson(desk, "model export", exported);
      else desk.print(`Written: ${exported.files.join(", ")}`);
    });
}
