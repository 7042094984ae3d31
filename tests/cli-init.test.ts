import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { initCommand } from "../src/cli/init.ts";
import { readSpec } from "../src/cli/read-spec.ts";
import { templates } from "../src/cli/templates.ts";
import { readDataset } from "../src/data/formats/read-dataset.node.ts";
import { checkSearch } from "../src/search/check-search.ts";
import { parseSearch } from "../src/search/search-document.ts";
import { expectRefusal, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

describe.each(Object.keys(templates))("gradus init %s", (name) => {
  const place = join(folder, name);

  test("writes specs and searches that hold, each key of a spec explained by its schema", async () => {
    await initCommand(name, place, { json: true });
    const files = readdirSync(place);
    expect(files).toEqual(expect.arrayContaining(["README.md", "spec.schema.json", "spec.yaml"]));
    for (const file of files.filter((each) => each.endsWith(".yaml"))) {
      const text = readFileSync(join(place, file), "utf8");
      if ("vary" in parse(text)) expect(() => checkSearch(parseSearch(parse(text)))).not.toThrow();
      else {
        expect(text).toMatch(/^# yaml-language-server: \$schema=spec\.schema\.json\n/);
        await expect(readSpec(join(place, file), [])).resolves.toBeDefined();
      }
    }
    const commands = readFileSync(join(place, "README.md"), "utf8").match(/[\w-]+\.(?:yaml|csv)/g) ?? [];
    for (const file of commands) expect(files, file).toContain(file);
  });

  test("writes over nothing", async () => {
    writeFileSync(join(place, "README.md"), "mine");
    await expect(initCommand(name, place)).rejects.toMatchObject({
      code: "output",
      message: expect.stringContaining("README.md"),
    });
    expect(readFileSync(join(place, "README.md"), "utf8")).toBe("mine");
  });
});

test("the files of own-data are images of three classes that a network tells apart", async () => {
  const { count, classes, dimension } = await readDataset(join(folder, "own-data/train.csv"), { label: "class" });
  expect({ count, classes, dimension }).toEqual({
    count: 360,
    classes: ["across", "chequered", "down"],
    dimension: 64,
  });
});

test("what is no template, and a file for a folder, are refused", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  await expectRefusal(["init", "a4"], {
    code: "usage",
    place: "init",
    complaint: 'did you mean "a1"',
    remedy: "own-data",
  });
  await expectRefusal(["init", "a1", file], {
    code: "output",
    place: file,
    complaint: "no folder",
    remedy: "name a folder",
  });
  expect(existsSync(join(folder, "a4"))).toBe(false);
});
