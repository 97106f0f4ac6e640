import { join } from "node:path";
import { type Pixels, readPackedPixels, readRows } from "#formats";

/** What is marked in a smear. */
export type BloodCell = "WBC" | "RBC" | "Platelets";

/** A cell's box, in pixels of the picture that it belongs to. */
export interface CellBox {
  readonly kind: BloodCell;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A part of a blood smear, with a white cell in it or without. */
export interface SmearWindow {
  /** `BloodImage_00001@32,0` */
  readonly name: string;
  /** 1 where a white cell lies in it. */
  readonly label: number;
  readonly split: "train" | "val" | "test";
  /** 64 × 64 */
  readonly pixels: Pixels;
  /** Boxes that reach into the window, cut at its edges. */
  readonly boxes: readonly CellBox[];
}

/** The classes of windows. */
export const smearClasses = ["no white cell", "white cell"] as const;

/** Pixels of the packed pictures, of the windows, and from one window to the next. */
const packed = { width: 128, height: 96 };
const window = 64;
const step = 32;
/** Boxes are given in pixels of the originals. */
const shrink = 5;
/** A window counts when it holds this share of a white cell's box, and does not when it holds less than the other. */
const shares = { within: 0.6, without: 0.1 };

/**
 * Windows of 364 blood smears: those with most of a white cell in them, those with next to nothing of one, and none between.
 *
 * Source   BCCD, Shenggan's collection at commit d272fb1; MIT. Split by smear, as there
 *
 * @param folder the one that holds `bccd-128x96.rgb.gz`, `bccd-images.csv` and `bccd-boxes.csv`
 * @throws AssayError FILE_MISSING, PIXELS_INVALID
 */
export async function smearWindows(folder: string): Promise<SmearWindow[]> {
  const pictures = readPackedPixels(join(folder, "bccd-128x96.rgb.gz"), packed);
  const boxes = await boxesByRow(join(folder, "bccd-boxes.csv"));
  const found: SmearWindow[] = [];
  for await (const { row, name, split } of readRows(join(folder, "bccd-images.csv"))) {
    const at = Number(row);
    const smear = { name: String(name), split: split as SmearWindow["split"], pixels: pictures[at]! };
    found.push(...windowsOf(smear, boxes.get(at) ?? []));
  }
  return found;
}

async function boxesByRow(file: string): Promise<Map<number, CellBox[]>> {
  const found = new Map<number, CellBox[]>();
  for await (const { row, label, xmin, ymin, xmax, ymax } of readRows(file)) {
    const [left, top, right, bottom] = [xmin, ymin, xmax, ymax].map((edge) => Number(edge) / shrink);
    const box = { kind: label as BloodCell, left: left!, top: top!, right: right!, bottom: bottom! };
    found.set(Number(row), [...(found.get(Number(row)) ?? []), box]);
  }
  return found;
}

type Smear = Pick<SmearWindow, "name" | "split" | "pixels">;

function windowsOf(smear: Smear, boxes: readonly CellBox[]): SmearWindow[] {
  const corners = [0, step].flatMap((y) => [0, step, 2 * step].map((x) => ({ x, y })));
  return corners.flatMap(({ x, y }) => {
    const white = boxes.filter(({ kind }) => kind === "WBC").map((box) => shareInside(box, x, y));
    const most = Math.max(0, ...white);
    if (most >= shares.without && most < shares.within) return [];
    const inside = boxes.flatMap((box) => cutBox(box, x, y));
    const label = most >= shares.within ? 1 : 0;
    return [{ ...smear, name: `${smear.name}@${x},${y}`, label, pixels: cut(smear.pixels, x, y), boxes: inside }];
  });
}

function cutBox({ kind, ...box }: CellBox, x: number, y: number): CellBox[] {
  const [left, right] = [Math.max(0, box.left - x), Math.min(window, box.right - x)];
  const [top, bottom] = [Math.max(0, box.top - y), Math.min(window, box.bottom - y)];
  return right > left && bottom > top ? [{ kind, left, top, right, bottom }] : [];
}

function shareInside(box: CellBox, x: number, y: number): number {
  const [inside] = cutBox(box, x, y);
  return inside === undefined ? 0 : area(inside) / area(box);
}

const area = ({ left, top, right, bottom }: CellBox): number => (right - left) * (bottom - top);

function cut({ data, width }: Pixels, x: number, y: number): Pixels {
  const out = new Uint8Array(window * window * 3);
  for (let row = 0; row < window; row++) {
    const from = ((y + row) * width + x) * 3;
    out.set(data.subarray(from, from + window * 3), row * window * 3);
  }
  return { data: out, width: window, height: window };
}
