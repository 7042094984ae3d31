import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { temporaryFolder } from "./run-gradus.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);

test("a promise that nobody waits for fails the check, whatever file its function comes from", () => {
  const { vcs: _, $schema: __, ...rules } = JSON.parse(readFileSync(`${root}biome.json`, "utf8"));
  writeFileSync(join(folder, "biome.json"), JSON.stringify(rules));
  writeFileSync(join(folder, "write.ts"), "export async function write(): Promise<void> {}\n");
  const call = (statement: string) =>
    `import { write } from "./write.ts";\n\nexport async function save(): Promise<void> {\n  ${statement}\n}\n`;
  const lint = (statement: string) => {
    writeFileSync(join(folder, "save.ts"), call(statement));
    const biome = [`${root}node_modules/@biomejs/biome/bin/biome`, "lint"];
    const { status, stderr } = spawnSync(process.execPath, biome, { cwd: folder, encoding: "utf8" });
    return { passes: status === 0, isFloating: stderr.includes("lint/nursery/noFloatingPromises") };
  };
  expect(lint("await write();")).toEqual({ passes: true, isFloating: false });
  expect(lint("write();")).toEqual({ passes: false, isFloating: true });
});
