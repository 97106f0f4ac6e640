export { sceneAttributeSizes, sceneAttributes } from "./describe.ts";
export { drawScene } from "./draw.ts";
export { type SampleScenesOptions, type SceneSplit, sampleScenes } from "./sample.ts";
export { captionOf, type Scene, type SceneGroup, type SceneRelation, sceneNames } from "./scene.ts";
