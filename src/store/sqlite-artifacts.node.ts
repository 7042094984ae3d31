import { sha256 } from "../files/sha256.ts";
import { damaged } from "./refusals.ts";
import type { Database } from "./sqlite-database.node.ts";
import type { StoredArtifact } from "./store.ts";

/** Bytes of a piece of an artifact: no artifact is too large for a row. */
const PIECE = 2 ** 23;

/** Keeps bytes under their id, within a transaction of the caller's. */
export function writeArtifact(database: Database, log: string, id: string, bytes: Uint8Array): void {
  // What lies there under this id may be damaged: it is written anew.
  dropArtifact(database, log, id);
  database.run("INSERT INTO artifact (run, id, size) VALUES (?, ?, ?)", log, id, bytes.length);
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    database.run("INSERT INTO piece (run, id, position, bytes) VALUES (?, ?, ?, ?)", log, id, at / PIECE, piece);
  }
}

export function dropArtifact(database: Database, log: string, id: string): void {
  database.run("DELETE FROM artifact WHERE run = ? AND id = ?", log, id);
}

/** @throws Fault `store` for bytes that are not those that were kept; `file` names the store in it */
export async function readArtifact(
  database: Database,
  file: string,
  log: string,
  id: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const [artifact] = database.all("SELECT size FROM artifact WHERE run = ? AND id = ?", log, id);
  if (artifact === undefined) return undefined;
  const rows = database.all("SELECT bytes FROM piece WHERE run = ? AND id = ? ORDER BY position", log, id);
  const pieces = rows.map((row) => row.bytes as Uint8Array);
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  if (size !== artifact.size || (await sha256(bytes)) !== id) throw damaged(file, log, id);
  return bytes;
}

export function listArtifacts(database: Database, of: string | undefined): readonly StoredArtifact[] {
  const where = of === undefined ? "" : "WHERE run = ?";
  const sql = `SELECT run, id, size FROM artifact ${where} ORDER BY run, id`;
  const rows = database.all(sql, ...(of === undefined ? [] : [of]));
  return rows.map(({ run, id, size }) => ({ log: String(run), id: String(id), size: Number(size) }));
}
