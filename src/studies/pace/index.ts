export { claims } from "./claims.ts";
export { type CurveAreas, curveAreas, importanceOf } from "./curves.ts";
export { lookAt, type SeenPicture, sourceOf } from "./embed.ts";
export { largestFall, scoresOf } from "./measures.ts";
export { type Perturbation, perturbed } from "./perturb.ts";
export { openPictures, type PictureSet, type StudyPicture } from "./pictures.ts";
export { table1, table2 } from "./published.ts";
export { type Settings, settings } from "./settings.ts";
export { default as pace } from "./study.ts";
