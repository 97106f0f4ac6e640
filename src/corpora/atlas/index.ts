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
export { type AtlasSplit, atlasTemplates, type Templates } from "./templates.ts";
