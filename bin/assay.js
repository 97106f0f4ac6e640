#!/usr/bin/env node
// Plain JavaScript on purpose: it must still parse on the Node that is too old to run the rest.
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import process from "node:process";

const required = 24;
if (Number(process.versions.node.split(".")[0]) < required) {
  process.stderr.write(
    `assay: Expected Node ${required} or later, got ${process.versions.node}; run \`npm install\` here and start it with \`npx assay\`, which brings its own Node\n`,
  );
  process.exit(2);
}

const source = new URL("../src/cli/main.ts", import.meta.url);
const isCheckout = existsSync(source) && !source.pathname.includes("/node_modules/");
if (isCheckout) {
  // A name of our own: packages have a condition `source` too (eventsource-parser, below the AI SDK), and it leads
  // to TypeScript that Node does not strip under node_modules.
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, "assay-source"] }),
  });
}
const main = isCheckout ? source : new URL("../dist/cli/main.js", import.meta.url);
const { runCommandLine } = await import(main.href);
process.exitCode = await runCommandLine(process.argv.slice(2));
