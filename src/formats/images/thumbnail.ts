import { openPhoto, type Photo, rescue } from "./photo.ts";

/** A small JPEG that fits into `edge` × `edge` pixels, for lists. @throws AssayError PICTURE_UNREADABLE */
export function thumbnail(picture: Photo, edge: number): Promise<Uint8Array> {
  return rescue(picture, undefined, () => {
    const small = openPhoto(picture).autoOrient().resize(edge, edge, { fit: "inside", withoutEnlargement: true });
    return small.flatten({ background: "#ffffff" }).jpeg({ quality: 80 }).toBuffer();
  });
}
