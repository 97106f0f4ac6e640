import type { Command } from "commander";
import { applyToFolder, type FolderChange, loadPatch, revertFolder } from "#methods/editing";
import { collect } from "../../assignments.ts";
import { type Desk, printJson } from "../../desk.ts";
import { openFolder } from "./open.ts";

interface ApplyFlags {
  readonly output: string;
  readonly json?: boolean;
}

interface RevertFlags extends ApplyFlags {
  readonly patch?: readonly string[];
}

/** `assay model apply MODEL PATCH -o FOLDER`: a copy of a model with a patch on it. */
export function addApply(program: Command, desk: Desk): void {
  addFolderOptions(program.command("apply"))
    .argument("<patch>", "the file that `assay model edit` wrote")
    .description("put a patch on a copy of a model; what it replaces is kept beside it")
    .action(async (place: string, file: string, flags: ApplyFlags) => {
      const change = applyToFolder(await openFolder(place, desk), loadPatch(file), { output: flags.output });
      tell("model apply", change, { desk, json: flags.json === true });
    });
}

/** `assay model revert MODEL -o FOLDER`: a copy of an edited model without its patches, byte for byte as before. */
export function addRevert(program: Command, desk: Desk): void {
  addFolderOptions(program.command("revert"))
    .option("--patch <id>", "only this patch, by the first digits of its id; repeat for more", collect)
    .description("take patches back: without all of them, the weight files are byte for byte those from before")
    .action(async (place: string, flags: RevertFlags) => {
      const { output, patch } = flags;
      const wanted = patch === undefined ? {} : { patches: patch };
      const change = revertFolder(await openFolder(place, desk), { output, ...wanted });
      tell("model revert", change, { desk, json: flags.json === true });
    });
}

const addFolderOptions = (command: Command): Command =>
  command
    .argument("<model>", "a Hugging Face folder, mini:atlas, or hf:organisation/name@revision")
    .requiredOption("-o, --output <folder>", "the folder to write")
    .option("--json", "print a JSON document");

function tell(
  name: "model apply" | "model revert",
  { folder, patches, changed }: FolderChange,
  { desk, json }: { readonly desk: Desk; readonly json: boolean },
): void {
  if (json) {
    printJson(desk, name, { folder, patches: patches as never, changed });
    return;
  }
  desk.print(`changed: ${changed.join(", ")}`);
  const listed = patches.length === 0 ? "none" : patches.map(({ id, method }) => `${id} (${method})`).join(", ");
  desk.print(`patches on ${folder}: ${listed}`);
}
