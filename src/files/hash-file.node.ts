import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** The hash of a file's bytes in lower-case hexadecimal, read in pieces of 1 MiB. */
export async function hashFile(file: string, algorithm: "md5" | "sha256" | "sha512"): Promise<string> {
  const hash = createHash(algorithm);
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest("hex");
}
