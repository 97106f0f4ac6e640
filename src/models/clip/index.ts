/** CLIP: pictures and texts as vectors of one space. */
export {
  type ClipConfig,
  type ClipTextConfig,
  type ClipTowerConfig,
  type ClipVisionConfig,
  readClipConfig,
} from "./config.ts";
export { type ClipInputs, clip, embedPictures, embedTexts } from "./model.ts";
export { clipSizes, clipTiny } from "./sizes.ts";
export {
  type ClipTextWeights,
  type ClipVisionWeights,
  type ClipWeights,
  clipWeights,
  isClipBuffer,
} from "./weights.ts";
