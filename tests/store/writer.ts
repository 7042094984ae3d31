// Writes into a store until it is killed, and says on standard output what has been acknowledged, line by line:
// node tests/store/writer.ts FOLDER RUN SEED [ENTRIES]
import { writeSync } from "node:fs";
import { stream } from "../../src/math/random/stream.ts";
import { openSqliteStore } from "../../src/store/sqlite-store.node.ts";

const [folder, run, seed, most = "Infinity"] = process.argv.slice(2);
const store = await openSqliteStore(folder);
let position = (await store.read(run)).length;
writeSync(1, "open\n");
for (let round = 0; position < Number(most); round++) {
  const [count, size, choice] = stream(Number(seed), "writer", position).integers(1, 6, 3);
  const entries = Array.from({ length: count }, (_, i) => entry(run, position + i, size * 400));
  await store.append(run, position, entries);
  position += count;
  writeSync(1, `entries ${position}\n`);
  if (choice < 3) {
    const bytes = Uint8Array.from(stream(Number(seed), "bytes", position).integers(0, 256, size * 20_000));
    writeSync(1, `artifact ${await store.put(run, bytes)}\n`);
  }
}
await store.close();

function entry(name: string, at: number, length: number): string {
  return `${name} ${at} ${"x".repeat(length)}`;
}
