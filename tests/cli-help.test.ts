import { expect, test } from "vitest";
import { exitCodes } from "../src/cli/exit-code.ts";
import { gradus } from "./run-gradus.ts";

const commands = [
  ...["start", "train", "resume", "check", "replicate", "overfit", "lr-range", "runs", "show", "compare", "tag", "rm"],
  ...[
    "report",
    "figure",
    "predict",
    "export",
    "import",
    "doctor",
    "data",
    "data fetch",
    "data verify",
    "data info",
    "devices",
  ],
  "experiments",
];

test.concurrent.each(["", ...commands])("gradus %s --help fits a terminal of 80 columns", async (command) => {
  const { exitCode, stdout, stderr } = await gradus([...command.split(" "), "--help"].filter(Boolean));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(new RegExp(`^Usage: gradus ${command}`));
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test.concurrent("gradus alone is gradus --help", async () => {
  const [alone, help] = await Promise.all([gradus([], { process: true }), gradus(["--help"])]);
  expect(alone).toEqual(help);
});

test.concurrent("help names every command, every exit code and what to begin with", async () => {
  const { stdout } = await gradus(["--help"]);
  for (const command of ["start", "train", "check", "data", "devices"]) {
    expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
  }
  for (const [code, number] of Object.entries(exitCodes)) expect(stdout).toContain(`${number} ${code}`);
  expect(stdout).toContain("gradus train 004-E2");
});

test("exit codes stay: scripts rely on them", () => {
  expect(exitCodes).toEqual({
    usage: 2,
    spec: 3,
    data: 4,
    network: 5,
    device: 6,
    output: 7,
    diverged: 8,
    check: 9,
    store: 10,
    interrupted: 130,
  });
});

test.concurrent("gradus --version is a version", async () => {
  const { exitCode, stdout } = await gradus(["--version"], { process: true });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
