import { Visitor } from "oxc-parser";
import { isTest, lineAt, parse, type SourceFile, type Violation } from "./sources.ts";

/** Foreign names and the files at the border, the only ones that may contain them. */
const borders = [
  {
    foreign:
      /\b(model\.layers\.|transformer\.h\.|self_attn\b|attn\.c_attn|mlp\.c_(fc|proj)|lm_head|embed_tokens|[qkvo]_proj\b)/,
    inside: /^src\/(models\/[^/]+\/weights\.ts$|formats\/)/,
    rule: "a checkpoint's tensor name belongs to models/<name>/weights.ts",
  },
  {
    foreign:
      /^(data_offsets|__metadata__|weight_map|lora_alpha|added_tokens|chat_template|precompiled_charsmap|rank_pattern)$/,
    inside: /^src\/formats\//,
    rule: "a file format's field name belongs to formats",
  },
] as const;

/** Names that other people's files use are translated at one border file each; tests may quote them. */
export function checkBorders(files: readonly SourceFile[]): Violation[] {
  return files.filter(({ path }) => path.startsWith("src/") && !isTest(path)).flatMap(checkFile);
}

function checkFile(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  const judge = (text: string, start: number) => {
    for (const { foreign, inside, rule } of borders) {
      const name = inside.test(file.path) ? null : foreign.exec(text);
      if (name) found.push({ file: file.path, line: lineAt(file, start), message: `"${name[0]}": ${rule}` });
    }
  };
  new Visitor({
    Literal: ({ value, start }) => typeof value === "string" && judge(value, start),
    TemplateElement: ({ value, start }) => judge(value.raw, start),
    Identifier: ({ name, start }) => judge(name, start),
  }).visit(parse(file).program);
  return found;
}
