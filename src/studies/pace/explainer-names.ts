/** Explainers of embeddings, which learn from training pictures. */
export const embeddingExplainers = ["pace", "k-means", "gmm", "lda", "nmf", "craft", "pca", "mean-embedding"] as const;

/** Attribution methods, which ask the model about one picture after the other and learn nothing. */
export const attributionExplainers = ["saliency", "integrated-gradients", "agi", "lime", "shap"] as const;

/** Explainers that the study can ask. */
export const explainerNames = [...embeddingExplainers, ...attributionExplainers] as const;

/** Those of the miniature's presets: CRAFT's way by class is the paper's, and asked for by name elsewhere. */
export const miniatureExplainers = explainerNames.filter((name) => name !== "craft");

/** One of them. */
export type ExplainerName = (typeof explainerNames)[number];

/** Whether it learns from training pictures, and so from a start. */
export const learns = (name: ExplainerName): boolean => (embeddingExplainers as readonly string[]).includes(name);
