export {
  captionOf,
  drawScene,
  type SampleScenesOptions,
  type Scene,
  type SceneGroup,
  type SceneRelation,
  type SceneSplit,
  sampleScenes,
  sceneNames,
} from "./scenes/index.ts";
