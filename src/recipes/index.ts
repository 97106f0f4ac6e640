/** The recipes of the lab's own small models. */
export { type PlantedPlace, plantedPlaces } from "./encyclopedia.ts";
export { type LlamaShape, llamaOf } from "./llama-shape.ts";
export type { Aim, Miniature, MiniatureEvent, MiniatureResult, TrainMiniatureOptions } from "./miniature.ts";
export { findMiniature, localRecipes, miniatures } from "./registry.ts";
export { startWeights } from "./weights.ts";
