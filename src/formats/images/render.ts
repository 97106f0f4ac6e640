import sharp from "sharp";
import type { PictureEncoder } from "./choices.ts";
import { finish } from "./encode.ts";

/** Draws an SVG into `edge` × `edge` pixels, as lines and not as scaled pixels. */
export function renderSvg(svg: string, edge: number, encoder: PictureEncoder = { format: "png" }): Promise<Uint8Array> {
  const width = Number(/<svg[^>]*\swidth="([\d.]+)"/.exec(svg)?.[1] ?? edge);
  const drawing = sharp(Buffer.from(svg), { density: (72 * edge) / width });
  return finish(drawing.resize(edge, edge, { fit: "fill" }).flatten({ background: "#ffffff" }), encoder);
}
