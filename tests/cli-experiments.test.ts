import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSpec } from "../src/cli/read-spec.ts";
import { experiments, published } from "../src/experiments/catalogue.ts";
import { parseSpec } from "../src/record/parse-spec.ts";
import { expectRefusal, gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

test.concurrent("lists all 37, each with its title and its command", async () => {
  const { stdout } = await gradus(["experiments"]);
  for (const { id, title, variants } of published) {
    const command = `gradus ${variants[0].kind === "training" ? "train" : "replicate"} ${id}`;
    expect(stdout.split("\n").filter((line) => line.startsWith(`${id} `) && line.includes(title))).toEqual([
      expect.stringMatching(new RegExp(` ${command}$`)),
    ]);
  }
  expect(stdout).toMatch(/^004-E2 .* 45\.98 /m);
  const { experiments } = await gradusJson(["experiments"]);
  expect(experiments.map(({ id }: { id: string }) => id)).toEqual(published.map(({ id }) => id));
});

test.concurrent("lists those of a report, and shows one: settings, reported numbers, ranges, what is at fault", async () => {
  const { experiments } = await gradusJson(["experiments", "004"]);
  expect(experiments).toHaveLength(6);
  const { stdout } = await gradus(["experiments", "004-e2"]);
  for (const pattern of [
    /gradus train 004-E2/,
    /testAccuracy +0\.4598/,
    /training\.lambda +0\.01/,
    /45\.20–47\.20 %/,
  ]) {
    expect(stdout).toMatch(pattern);
  }
  const search = (await gradus(["experiments", "004-E5"])).stdout;
  expect(search).toMatch(/^at fault +The text says/m);
  expect(search).toMatch(/^trials +10$/m);
  const [{ protocols }] = (await gradusJson(["experiments", "004-E5"])).experiments;
  expect(protocols[0].trials[0]).toMatchObject({ training: { lambda: expect.any(Number), batch: 100 } });
});

test.concurrent("--yaml is a spec that trains as the experiment does", async () => {
  for (const id of ["004-E2", "002-E10"]) {
    const file = join(folder, `${id}.yaml`);
    writeFileSync(file, (await gradus(["experiments", id, "--yaml"])).stdout);
    const experiment = experiments.find((candidate) => candidate.id === id);
    expect((await readSpec(file, [])).spec).toEqual(parseSpec(experiment?.spec));
  }
});

test.concurrent.each([
  [["experiments", "004-E9"], "004-E9", /no experiment and no report; did you mean "004-E\d"/, /004-E2/],
  [["experiments", "--yaml"], "--yaml", /no experiment is not one training/, /name one/],
  [["experiments", "004", "--yaml"], "--yaml", /004 is not one training/, /name one/],
  [["experiments", "004-E2", "--yaml"], "--yaml", /does not go with --json/, /leave one/],
  [["experiments", "004-E4", "--yaml"], "--yaml", /a search/, /004-E4 --json/],
])("%j is refused", async (words, place, complaint, remedy) => {
  await expectRefusal(words, { code: "usage", place, complaint, remedy });
});
