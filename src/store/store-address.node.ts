import path from "node:path";

/** Where a folder's store is. */
export function storeFile(folder: string): string {
  return path.join(folder, "runs.sqlite");
}
