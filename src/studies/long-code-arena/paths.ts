/** What the path of a file says about it. */

/** Whether a file is a test by its place or its name. */
export const isTest = (path: string): boolean =>
  /(^|\/)(tests?|__tests__|spec)\/|(^|\/)(test_[^/]*|conftest|[^/]*_test)\.py$|\.(test|spec)\.[cm]?[jt]sx?$|Tests?\.(java|kt)$/.test(
    path,
  );

/** Whether a file is documentation of its own kind: in a folder of documents, or beside the code. */
export const isDocument = (path: string): boolean => /\.(md|rst|txt)$/i.test(path);
