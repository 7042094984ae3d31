import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { abandoned, makeFolder, uniqueName } from "../files/whole-file.node.ts";

/** What has arrived of a download: the folder `<file>.part`, under a name of its own while a process works on it. */
export interface Partial {
  readonly folder: string;
  /** The file that grows. */
  readonly bytes: string;
}

/**
 * Takes over what an earlier download left in `<file>.part`, or begins anew.
 * The folder is renamed to a name of this process: of several processes that want it, one gets it and the others begin anew.
 */
export async function claimPartial(file: string): Promise<Partial> {
  const folder = uniqueName(`${file}.part`);
  await makeFolder(path.dirname(file));
  for (const left of [`${file}.part`, ...(await abandoned(`${file}.part`))]) {
    const claimed = await rename(left, folder).then(
      () => true,
      () => false,
    );
    if (claimed) return { folder, bytes: path.join(folder, "bytes") };
  }
  await mkdir(folder);
  return { folder, bytes: path.join(folder, "bytes") };
}

/** Leaves a partial to whoever downloads `file` next; removes it when it holds nothing or another one was left already. */
export async function releasePartial(partial: Partial, file: string): Promise<void> {
  if ((await received(partial)) > 0) await rename(partial.folder, `${file}.part`).catch(() => undefined);
  await rm(partial.folder, { recursive: true, force: true });
}

/** Removes what downloads of `file` left behind, except what living processes work on. */
export async function discardPartials(file: string): Promise<void> {
  for (const left of [`${file}.part`, ...(await abandoned(`${file}.part`))]) {
    await rm(left, { recursive: true, force: true });
  }
}

/** Bytes that have arrived. */
export async function received(partial: Partial): Promise<number> {
  return await stat(partial.bytes).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Forgets what has arrived. */
export async function restart(partial: Partial): Promise<void> {
  await writeFile(partial.bytes, "");
}

/** The server's name for the version that the bytes belong to, fit for If-Range; undefined when it gave none. */
export async function validator(partial: Partial): Promise<string | undefined> {
  const text = await readFile(path.join(partial.folder, "validator"), "utf8").catch(() => "");
  return text === "" ? undefined : text;
}

export async function rememberValidator(partial: Partial, headers: Headers): Promise<void> {
  const tag = headers.get("etag");
  // If-Range compares strongly, so a weak tag (W/"...") would never match (RFC 9110, 13.1.5).
  const strong = tag !== null && !tag.startsWith("W/") ? tag : headers.get("last-modified");
  await writeFile(path.join(partial.folder, "validator"), strong ?? "");
}
