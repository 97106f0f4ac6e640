/** Patches as files: one safetensors with the factors, the certificate in its metadata. */
import { dirname } from "node:path";
import { z } from "zod";
import { AssayError, type Tensor } from "#base";
import { makeFolder, openCheckpoint, sourceOf, writeSafetensors } from "#formats";
import { checkedJson } from "./checked-json.ts";
import { makePatch, type Patch, type PatchCertificate, type PatchUpdate, tensorsOf } from "./patch.ts";

/** Where the certificate stands in the file's metadata. */
const certificateKey = "certificate";

/** Writes a patch to one safetensors file. */
export function savePatch(path: string, { id, updates, certificate }: Patch): void {
  makeFolder(dirname(path));
  const sources = updates.flatMap((update) => tensorsOf(update).map(([name, tensor]) => sourceOf(name, tensor)));
  const metadata = { format: certificate.format, id, [certificateKey]: JSON.stringify(certificate) };
  writeSafetensors(path, sources, { metadata });
}

/** Reads a patch and checks that its content is what its id says. @throws AssayError PATCH_INVALID, CHECKPOINT_INVALID, FILE_MISSING */
export function loadPatch(path: string): Patch {
  using file = openCheckpoint(path);
  const certificate = readCertificate(path, file.metadata[certificateKey]);
  const updates = certificate.matrices.map(({ path: matrix }): PatchUpdate => {
    const read = (name: string) => file.read(name) as Tensor<"float32">;
    if (file.tensors.has(`${matrix}.delta`)) return { path: matrix, kind: "dense", delta: read(`${matrix}.delta`) };
    return { path: matrix, kind: "low-rank", down: read(`${matrix}.down`), up: read(`${matrix}.up`) };
  });
  const patch = makePatch(updates, certificate);
  if (patch.id === file.metadata.id) return patch;
  const claim = `Expected the content of patch ${file.metadata.id} at ${path}, got that of ${patch.id}`;
  throw new AssayError("PATCH_INVALID", `editing: ${claim}; the file was changed`);
}

/** What reading relies on; the rest is covered by the id. */
const schema = z.looseObject({
  format: z.literal("assay-patch"),
  version: z.literal(1),
  method: z.string(),
  model: z.string(),
  base: z.string(),
  matrices: z.array(z.looseObject({ path: z.string() })),
});

function readCertificate(path: string, text: string | undefined): PatchCertificate {
  const fault = (got: string, cause?: unknown): AssayError =>
    new AssayError("PATCH_INVALID", `editing: Expected the certificate of a patch at ${path}, got ${got}`, { cause });
  if (text === undefined) throw fault("none");
  return checkedJson(text, schema, fault) as unknown as PatchCertificate;
}
