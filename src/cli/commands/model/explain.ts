import { basename, dirname, join } from "node:path";
import type { Command } from "commander";
import { UsageError } from "#base";
import { encode, heatTints, overlayColors, type PatchTint, tintPatches, writeAtomically } from "#formats";
import { attributionMethods } from "#methods/attribution";
import { loadVisionModel } from "#models";
import { conceptPage } from "#report";
import { wholeNumber } from "../../assignments.ts";
import { type Desk, printJson, printTable } from "../../desk.ts";
import { type ExplainedPicture, type ExplainMethod, type Explanation, explainPictures } from "./explain-pictures.ts";
import { fetchNotice } from "./fetch-notice.ts";

interface ExplainFlags {
  readonly output?: string;
  readonly method: ExplainMethod;
  readonly concepts?: string;
  readonly learn?: string;
  readonly save?: string;
  readonly count?: number;
  readonly layer: number;
  readonly class?: string;
  readonly json?: boolean;
}

/** Every method by its name on the command line. */
const methodNames: Readonly<Record<string, ExplainMethod>> = {
  concepts: "concepts",
  attention: "attention",
  ...Object.fromEntries(attributionMethods.map((method) => [method.toLowerCase().replaceAll(" ", "-"), method])),
};

/** `assay model explain MODEL IMAGE…`: what an image classifier sees in pictures. */
export function addExplain(program: Command, desk: Desk): void {
  program
    .command("explain")
    .argument("<model>", "a ViT or DeiT: a Hugging Face folder, mini:vit, or hf:organisation/name@revision")
    .argument("<pictures...>", "JPEG, PNG, WebP, GIF, TIFF, AVIF or SVG")
    .option("-o, --output <folder>", "where overlays go; beside each picture if left out")
    .option("--method <name>", `${Object.keys(methodNames).join(", ")}`, methodOf, "concepts" as ExplainMethod)
    .option("--concepts <file>", "concepts that --save wrote, instead of learning them")
    .option("--learn <folder>", "learn concepts from this folder's pictures instead of the given ones")
    .option("--save <file>", "write the learned concepts, for --concepts")
    .option("--count <n>", "how many concepts to learn", wholeNumber("--count", 1))
    .option("--layer <n>", "hidden state counted from the end: 1 leaves the last block", wholeNumber("--layer", 1), 2)
    .option("--class <name>", "the class to ask about; the model's own answer if left out")
    .option("--json", "print a JSON document")
    .description("what an image classifier sees in pictures: concepts or attributions, written as overlays")
    .action((place: string, pictures: string[], flags: ExplainFlags) => explain(place, { pictures, flags }, desk));
}

function methodOf(name: string): ExplainMethod {
  const method = methodNames[name.toLowerCase()];
  if (method !== undefined) return method;
  const known = Object.keys(methodNames).join(", ");
  throw new UsageError("METHOD_UNKNOWN", `assay: Expected --method to be one of ${known}, got "${name}"`);
}

interface Asked {
  readonly pictures: readonly string[];
  readonly flags: ExplainFlags;
}

async function explain(place: string, { pictures, flags }: Asked, desk: Desk): Promise<void> {
  const model = await loadVisionModel(place, { environment: desk.environment(), onEvent: fetchNotice(desk) });
  for (const warning of model.warnings) desk.tell(warning);
  const { output, json, class: wanted, ...options } = flags;
  const found = await explainPictures(model, {
    ...options,
    pictures,
    tell: desk.tell,
    ...(wanted === undefined ? {} : { label: classAt(model.requireLabels(), wanted) }),
  });
  const files: string[][] = [];
  for (const one of found.pictures) files.push(await writePictures(one, found, output));
  if (json) printJson(desk, "model explain", documentOf(place, found, files));
  else printFound(found, files, desk);
}

function classAt(labels: readonly string[], wanted: string): number {
  const at = labels.indexOf(wanted);
  if (at >= 0) return at;
  const few = labels.slice(0, 5).join(", ");
  throw new UsageError("CLASS_UNKNOWN", `assay: Expected one of ${labels.length} classes (${few} …), got "${wanted}"`);
}

/** The overlay, and for concepts the page; returns what was written. */
async function writePictures(one: ExplainedPicture, found: Explanation, output?: string): Promise<string[]> {
  const stem = join(output ?? dirname(one.file), basename(one.file));
  const overlay = `${stem}.${found.word}.png`;
  const picture = tintPatches(one.pixels, { grid: one.grid, tints: tintsOf(one, found) });
  const bytes = await encode(picture, { format: "png" });
  writeAtomically(overlay, (append) => append(bytes));
  if (found.kind === "scores") return [overlay];
  const page = `${stem}.${found.word}.svg`;
  const svg = await pageOf(one, found);
  writeAtomically(page, (append) => append(Buffer.from(svg)));
  return [overlay, page];
}

/** Each patch in the colour of its likeliest concept, or by its score. */
function tintsOf({ patches }: ExplainedPicture, { kind }: Explanation): PatchTint[] {
  if (kind === "scores") return heatTints(patches.map((row) => row[0]!));
  return patches.map((row) => {
    const concept = row.indexOf(Math.max(...row));
    return { color: overlayColors[concept % overlayColors.length]!, strength: 0.6 };
  });
}

async function pageOf(
  { file, pixels, grid, patches, shares, className, probability }: ExplainedPicture,
  found: Explanation,
) {
  return conceptPage({
    title: `${found.model}: ${basename(file)}`,
    bytes: await encode(pixels, { format: "png" }),
    width: pixels.width,
    height: pixels.height,
    grid,
    patches,
    shares,
    shareName: "the picture's concepts, θ",
    kinds: shares.map((_, at) => ({ kind: at, name: String(at + 1) })),
    lines: [`says ${className}, ${(100 * probability).toFixed(0)} %`, found.source],
  });
}

function documentOf(place: string, { method, source, pictures }: Explanation, files: readonly string[][]) {
  const rounded = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(6)));
  return {
    model: place,
    method,
    source,
    pictures: pictures.map(({ file, className, probability, grid, shares, patches }, at) => ({
      file,
      answer: className,
      probability,
      grid: [...grid],
      shares: rounded(shares),
      patches: patches.map(rounded),
      files: files[at]!,
    })),
  };
}

function printFound({ kind, pictures, source }: Explanation, files: readonly string[][], desk: Desk): void {
  const rows = pictures.map(({ file, className, probability, shares }, at) => {
    const order = shares.map((_, k) => k).sort((a, b) => shares[b]! - shares[a]!);
    const top = order.slice(0, 3).map((k) => `${k + 1}: ${(100 * shares[k]!).toFixed(0)} %`);
    const answer = `${className} (${(100 * probability).toFixed(0)} %)`;
    return [basename(file), answer, ...(kind === "concepts" ? [top.join(", ")] : []), files[at]!.join(", ")];
  });
  const head = ["picture", "answer", ...(kind === "concepts" ? ["main concepts"] : []), "written"];
  printTable(desk, [head, ...rows]);
  desk.tell(source);
}
