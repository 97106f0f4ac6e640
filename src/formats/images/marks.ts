import type { PictureEncoder } from "./choices.ts";
import { finish } from "./encode.ts";
import { openPhoto, type Photo, rescue } from "./photo.ts";

/** A cell of a mosaic, counted from 1 as the prompt does. */
export interface MosaicCell {
  readonly row: number;
  readonly column: number;
}

/** What to mark and how to write the result. */
export interface DrawCellsOptions {
  readonly side: number;
  /** Where the needles lie: solid blue frames. */
  readonly needles?: readonly MosaicCell[];
  /** Where the subject says they lie: dashed vermilion frames. Places outside the mosaic cannot be drawn and are left out. */
  readonly answered?: readonly MosaicCell[];
  /** Width and height of the result in pixels; the mosaic's own by default. */
  readonly edge?: number;
  readonly encoder?: PictureEncoder;
}

/** Two colours of Okabe and Ito's palette that every kind of colour vision tells apart; the dash does so in print. */
const needleStyle = { color: "#0072b2", dashed: false, inset: 0.5 };
const answerStyle = { color: "#d55e00", dashed: true, inset: 2 };

const sharpLines: PictureEncoder = { format: "jpeg", quality: 85, chromaSubsampling: "4:4:4" };

/** A mosaic with its needles and the answered cells framed, for a person to look at. @throws AssayError PICTURE_UNREADABLE */
export function drawCells(picture: Photo, options: DrawCellsOptions): Promise<Uint8Array> {
  const { side, needles = [], answered = [], encoder = sharpLines } = options;
  return rescue(picture, "the mosaic", async () => {
    const edge = options.edge ?? (await openPhoto(picture).metadata()).width;
    const frames = [
      ...needles.map((cell) => frame(cell, edge / side, needleStyle)),
      ...answered.filter(isInside(side)).map((cell) => frame(cell, edge / side, answerStyle)),
    ];
    const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${edge}" height="${edge}">${frames.join("")}</svg>`;
    const scaled = openPhoto(picture).resize(edge, edge, { fit: "fill" });
    return finish(scaled.composite([{ input: Buffer.from(overlay) }]).removeAlpha(), encoder);
  });
}

const isInside =
  (side: number) =>
  ({ row, column }: MosaicCell): boolean =>
    row >= 1 && column >= 1 && row <= side && column <= side;

/** A frame inside the cell's edge, on a wider white one, so that it stands out from any photo. */
function frame({ row, column }: MosaicCell, cell: number, style: typeof needleStyle): string {
  const stroke = Math.max(2, cell / 24);
  const inset = stroke * (style.inset + 0.5);
  const [x, y, length] = [(column - 1) * cell + inset, (row - 1) * cell + inset, cell - 2 * inset];
  const box = `<rect x="${x}" y="${y}" width="${length}" height="${length}" fill="none"`;
  const dash = style.dashed ? ` stroke-dasharray="${stroke * 3} ${stroke * 2}"` : "";
  return `${box} stroke="#fff" stroke-width="${stroke * 1.8}"/>${box} stroke="${style.color}" stroke-width="${stroke}"${dash}/>`;
}

/** A small JPEG that fits into `edge` × `edge` pixels, for lists. @throws AssayError PICTURE_UNREADABLE */
export function thumbnail(picture: Photo, edge: number): Promise<Uint8Array> {
  return rescue(picture, undefined, () => {
    const small = openPhoto(picture).autoOrient().resize(edge, edge, { fit: "inside", withoutEnlargement: true });
    return small.flatten({ background: "#ffffff" }).jpeg({ quality: 80 }).toBuffer();
  });
}
