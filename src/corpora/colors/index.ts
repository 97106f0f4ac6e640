export {
  type ColorMaterial,
  type ColorOptions,
  type ColorPicture,
  colorClasses,
  colorMaterials,
  colorPictures,
  colorShares,
  colorTruth,
} from "./colors.ts";
