import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { expectRefusal, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const run = "training: { schedule: { kind: constant, rate: 0.1 }, steps: 1 }\n";

// Through the whole program; src/record/parse-spec.test.ts knows every value.
describe.concurrent("a value that a spec cannot have", () => {
  test.each([
    ["training.lambda=.nan", "training.lambda", "NaN", "a finite number"],
    ["training.lambda=-1", "training.lambda", "-1", "at least 0"],
    ["training.lambda=abc", "training.lambda", '"abc"', "a finite number"],
    ["training.schedule.max=.nan", "training.schedule.max", "NaN", "a finite number"],
    ["training.schedule.kind=triangle", "training.schedule.kind", 'did you mean "triangular"?', "constant, step-decay"],
    ["training.batch=20000", "training.batch", "20000 is more than the 10000 training images", "at most 10000"],
    ["training.lamda=1", "training.lamda", 'did you mean "lambda"?', "correct the key"],
    ["__proto__.x=1", "__proto__", 'unknown "__proto__"', "correct the key"],
    ["data.split={kind: hold-out, validation: 50000}", "data.split.validation", "50000 of 50000", "49999"],
    ["\u001b[31mred=1", "\u001b[31mred", "unknown", "correct the key"],
  ])("--set %s", async (change, place, complaint, remedy) => {
    await expectRefusal(["train", "004-E2", "--set", change], { code: "spec", place, complaint, remedy });
  });

  test("--seed and --dtype are refused as the keys they are short for", async () => {
    const seed = { code: "spec", place: "seed", complaint: '"abc"', remedy: "number" } as const;
    const dtype = {
      code: "spec",
      place: "dtype",
      complaint: 'unknown "f16"; did you mean "f32"?',
      remedy: "f32, f64",
    } as const;
    await Promise.all([
      expectRefusal(["train", "004-E2", "--seed", "abc"], seed),
      expectRefusal(["train", "004-E2", "--dtype", "f16"], dtype),
    ]);
  });
});

describe.concurrent("a file that holds no spec", () => {
  const bomb = ["a: &a [x,x,x,x,x,x,x,x,x,x]"];
  for (const [name, of] of ["ba", "cb", "dc", "ed", "fe", "gf", "hg"])
    bomb.push(`${name}: &${name} [${`*${of},`.repeat(10)}]`);

  test.each([
    ["empty.yaml", "", "it is empty", "docs/examples"],
    ["list.yaml", "- 1\n- 2\n", "it holds no keys", "docs/examples"],
    [
      "binary.yaml",
      Uint8Array.from({ length: 5000 }, (_, at) => (at * 151 + 7) % 256),
      /not UTF-8|not YAML|holds no keys/,
      /\w/,
    ],
    [
      "syntax.yaml",
      "training:\n  schedule: { kind: constant, rate: 0.1\n  steps: 1\n",
      "at line 3, column 3",
      "correct",
    ],
    ["broken.json", '{ "training": { "steps": 1, }', "at line 1", "correct"],
    ["documents.yaml", `${run}---\n${run}`, "multiple documents at line 2", "correct"],
    ["tag.yaml", `name: !!js/function x\n${run}`, "Unresolved tag", "correct"],
    ["bomb.yaml", bomb.join("\n"), "Excessive alias count", "correct"],
    ["circle.yaml", "&a { training: *a }", "an alias refers to what it is a part of", "correct"],
    ["huge.yaml", `name: ${"x".repeat(2_000_000)}\n${run}`, "larger than 100000 bytes", "name a spec"],
  ])("%s", async (name, content, complaint, remedy) => {
    const file = write(name, content);
    await expectRefusal(["train", file], { code: "spec", place: file, complaint, remedy });
  });

  test.each(["proto.yaml", "proto.json"])("%s: the key __proto__ is unknown, and no prototype", async (name) => {
    const spec = { training: { schedule: { kind: "constant", rate: 0.1 }, steps: 1 } };
    const file = write(name, `{ "__proto__": ${JSON.stringify(spec)}, ${JSON.stringify(spec).slice(1)}`);
    const refusal = { code: "spec", place: "__proto__", complaint: "unknown", remedy: "correct the key" } as const;
    await expectRefusal(["train", file], refusal);
  });
});

test.skipIf(process.platform === "win32")("a device that never ends is read no further than a spec goes", async () => {
  const refusal = { code: "spec", place: "/dev/zero", complaint: "larger than 100000 bytes", remedy: "spec" } as const;
  await expectRefusal(["train", "/dev/zero"], refusal);
});
