import { lineAt, parse, type SourceFile, type Violation } from "./sources.ts";
import { type SyntaxNode, walk } from "./walk.ts";

/** Refuses `...{ a, b }`: a literal's properties stand where they are spread, and are written there. */
export function checkSpreads(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) =>
    [...walk(parse(file).program)]
      .filter(({ node }) => isSpreadLiteral(node))
      .map(({ node }) => ({
        file: file.path,
        line: lineAt(file, node.start),
        message: "spreads a literal; write its properties in its place",
      })),
  );
}

const isSpreadLiteral = ({ type, argument }: SyntaxNode): boolean =>
  type === "SpreadElement" && (argument as SyntaxNode).type === "ObjectExpression";
