import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { templates } from "../src/cli/templates.ts";
import { rows } from "./documented.ts";
import { gradus, temporaryFolder } from "./run-gradus.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string) => readFileSync(join(root, file), "utf8");
const { folder, remove } = temporaryFolder();
afterAll(remove);

/** The lines of a document or a template that a person types, without their comments. */
function commandsIn(text: string): string[] {
  return [...text.matchAll(/^ *(gradus [^\n]*)$/gm)].map(([, line]) => line.replace(/ +# .*$/, "").trim());
}

const documents = globSync("docs/course/*.md", { cwd: root }).map((file) => [file, read(file)] as const);
const readmes = Object.entries(templates).map(([name, { text }]) => [`the README of ${name}`, text] as const);
const cli = read("docs/cli.md");

describe.each([...documents, ...readmes])("%s", (file, text) => {
  test("names only commands and flags that there are", () => {
    for (const command of commandsIn(text)) {
      const [, name, ...words] = command.split(/ (?=(?:[^"]*"[^"]*")*[^"]*$)/);
      const inner = cli.includes(`\n## gradus ${name} ${words[0]}\n`) ? `${name} ${words[0]}` : name;
      const section = cli.split(`\n## gradus ${inner}\n`)[1]?.split("\n## ")[0];
      expect(section, command).toBeDefined();
      const flags = rows(section ?? "").flatMap(([first]) => first.match(/--[a-z-]+|-q/g) ?? []);
      for (const flag of words.filter((word) => word.startsWith("-"))) expect(flags, command).toContain(flag);
    }
    expect(commandsIn(text).length > 2 || file.endsWith("course/README.md")).toBe(true);
  });
});

test.each([1, 2, 3])("assignment %i begins with what init writes, and its gradient check passes", async (number) => {
  const commands = commandsIn(read(`docs/course/assignment-${number}.md`));
  const place = join(folder, `a${number}`);
  expect(commands[0]).toBe(`gradus init a${number}`);
  expect((await gradus(["init", `a${number}`, place])).exitCode).toBe(0);
  const check = commands.find((command) => command.startsWith("gradus check")) ?? "";
  const { exitCode, stdout } = await gradus(check.split(" ").slice(1));
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain("every parameter agrees");
});
