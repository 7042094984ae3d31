import { sha256 } from "../files/sha256.ts";
import type { Connection, PostgresDatabase } from "./postgres-database.node.ts";
import { damaged } from "./refusals.ts";
import type { StoredArtifact } from "./store.ts";

/** Bytes of a piece of an artifact: no artifact is too large for a row. */
const PIECE = 2 ** 23;

/** Keeps bytes under their id, within a transaction of the caller's. */
export async function writeArtifact(on: Connection, log: string, id: string, bytes: Uint8Array): Promise<void> {
  // What lies there under this id may be damaged: it is written anew.
  await dropArtifacts(on, log, [id]);
  await on.query("INSERT INTO gradus.artifact (log, id, size) VALUES ($1, $2, $3)", [log, id, bytes.length]);
  for (let at = 0; at < bytes.length; at += PIECE) {
    const { buffer, byteOffset, length } = bytes.subarray(at, at + PIECE);
    const piece = Buffer.from(buffer, byteOffset, length);
    const sql = "INSERT INTO gradus.piece (log, id, position, bytes) VALUES ($1, $2, $3, $4)";
    await on.query(sql, [log, id, at / PIECE, piece]);
  }
}

export async function dropArtifacts(on: Connection, log: string, ids: readonly string[]): Promise<void> {
  await on.query("DELETE FROM gradus.artifact WHERE log = $1 AND id = ANY($2)", [log, ids]);
}

/** @throws Fault `store` for bytes that are not those that were kept; `place` names the store in it */
export async function readArtifact(
  { all, place }: PostgresDatabase,
  log: string,
  id: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  // One statement sees one moment.
  const sql = `SELECT size, bytes FROM gradus.artifact LEFT JOIN gradus.piece USING (log, id)
    WHERE log = $1 AND id = $2 ORDER BY position`;
  const rows = await all(sql, [log, id]);
  if (rows.length === 0) return undefined;
  const pieces = rows.flatMap(({ bytes }) => (bytes === null ? [] : [bytes as Uint8Array]));
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  if (bytes.length !== Number(rows[0].size) || (await sha256(bytes)) !== id) throw damaged(place, log, id);
  return bytes;
}

export async function listArtifacts(
  { all }: PostgresDatabase,
  of: string | undefined,
): Promise<readonly StoredArtifact[]> {
  const where = of === undefined ? "" : "WHERE log = $1";
  const rows = await all(
    `SELECT log, id, size FROM gradus.artifact ${where} ORDER BY log, id`,
    of === undefined ? [] : [of],
  );
  return rows.map(({ log, id, size }) => ({ log: String(log), id: String(id), size: Number(size) }));
}
