import { Argument, type Command } from "commander";
import type { Desk } from "../desk.ts";
import { type DocumentName, documentNames, jsonSchemaOf } from "../documents/index.ts";

/** `assay schema [document]`: what `--json` prints, as JSON Schema. */
export function addSchema(program: Command, desk: Desk): void {
  program
    .command("schema")
    .addArgument(new Argument("[document]", "a command's name; `plan` is `run --dry-run`").choices(documentNames))
    .option("--json", "as it is: a JSON Schema")
    .description("print the JSON Schema of what a command prints after --json")
    .action((name: DocumentName | undefined) => {
      const all = () => Object.fromEntries(documentNames.map((each) => [each, jsonSchemaOf(each)]));
      desk.print(JSON.stringify(name === undefined ? all() : jsonSchemaOf(name), null, 2));
    });
}
