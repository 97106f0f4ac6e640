export { type AtlasStatement, atlasStatement, atlasStatements } from "./statements.ts";
export {
  type AtlasFact,
  type AtlasLanguage,
  type AtlasNames,
  type AtlasRelation,
  atlasFacts,
  atlasLanguages,
  atlasRelations,
  atlasSource,
} from "./table.ts";
export { atlasTemplates } from "./templates.ts";
export type { AtlasSplit, Templates } from "./wordings.ts";
