/** Explainers that the study can ask. */
export const explainerNames = ["pace", "k-means", "gmm", "lda", "nmf", "pca", "mean-embedding"] as const;

/** One of them. */
export type ExplainerName = (typeof explainerNames)[number];
