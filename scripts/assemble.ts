import wabt from "wabt";

/** A TypeScript module that exports the binary of a WebAssembly text as base64, for it must survive every bundler. */
export async function assemble(name: string, text: string): Promise<string> {
  const { parseWat } = await wabt();
  const parsed = parseWat(`${name}.wat`, text, { simd: true });
  try {
    const binary = Buffer.from(parsed.toBinary({}).buffer).toString("base64");
    const variable = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    return `/** ${name}.wat, assembled by \`npm run wasm\`. */\nexport const ${variable}Wasm =\n  "${binary}";\n`;
  } finally {
    parsed.destroy();
  }
}
