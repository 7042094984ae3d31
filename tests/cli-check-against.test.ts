import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, expect, test } from "vitest";
import { exitCodes } from "../src/cli/exit-code.ts";
import { expectRefusal, gradus, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

function npy(shape: readonly number[], values: readonly number[]): Uint8Array {
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.map((n) => `${n},`).join("")}), }`;
  const header = dictionary.padEnd(117);
  const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, 118, 0]);
  return Buffer.concat([start, Buffer.from(`${header}\n`), Buffer.from(Float64Array.from(values).buffer)]);
}

// One layer, two inputs, two classes, one example (1, 2) of class 0, W = 0: P = (1/2, 1/2), G = (-1/2, 1/2).
function file(name: string, dW: readonly number[], db: readonly number[]): string {
  const arrays = {
    "W.npy": npy([2, 2], [0, 0, 0, 0]),
    "b.npy": npy([2], [0, 0]),
    "X.npy": npy([2, 1], [1, 2]),
    "y.npy": npy([1], [0]),
    "dW.npy": npy([2, 2], dW),
    "db.npy": npy([2], db),
  };
  const path = join(folder, name);
  writeFileSync(path, zipSync(arrays));
  return path;
}

test("right gradients, worked out by hand, pass; what they cannot show is said", async () => {
  const path = file("right.npz", [-0.5, -1, 0.5, 1], [-0.5, 0.5]);
  const { exitCode, stdout } = await gradus(["check", "--against", path, "--lambda", "0"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("every parameter agrees");
  expect(stdout).toContain("cannot show mistakes about the penalty");
});

test("a mistake is named, with the entry, what is right and exit code 9", async () => {
  const path = file("wrong.npz", [0.5, 1, 0.5, 1], [0.5, 0.5]);
  const { exitCode, stdout } = await gradus(["check", "--against", path, "--lambda", "0", "--json"]);
  expect(exitCode).toBe(exitCodes.check);
  const { error, mistakes, parameters } = JSON.parse(stdout);
  expect(mistakes).toMatchObject([{ name: "without-labels", parameters: ["W1", "b1"] }]);
  expect(error).toMatchObject({ code: "check", place: "W1[0, 1]", remedy: "G = P - Y" });
  expect(parameters[0].farthest).toEqual({ place: "W1[0, 1]", theirs: 1, right: -1 });
});

test("a file without lambda asks for it, and its flags ask for a file", async () => {
  const path = file("without.npz", [0, 0, 0, 0], [0, 0]);
  await expectRefusal(["check", "--against", path], {
    code: "usage",
    place: path,
    complaint: "no lambda",
    remedy: "--lambda 0",
  });
  await expectRefusal(["check", "--samples", "rows"], {
    code: "usage",
    place: "--samples",
    complaint: "none is named",
    remedy: "--against",
  });
});
