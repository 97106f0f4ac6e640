export { type TongueKnobs, type TongueWorld, tongueWorlds } from "./knobs.ts";
export { pieceTokenizer } from "./piece-tokenizer.ts";
export {
  heldOutWording,
  type Tongue,
  type TongueFact,
  type Tongues,
  type TonguesOptions,
  type TongueWords,
  tongueNames,
  tonguePrompt,
  tongues,
} from "./tongues.ts";
