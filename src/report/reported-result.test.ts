import { expect, test } from "vitest";
import { published } from "../experiments/catalogue.ts";
import { reportedResult } from "./reported-result.ts";

test.each([
  ["000-E1", "largest 4.0e-11"],
  ["000-E3", "–"],
  ["000-E4", "test 46.16 %"],
  ["000-E6", "best validation 51.78 % at lambda 1e-5"],
  ["002-E2", /^training loss \d\.\d+$/],
  ["002-E4", /^best at lambda 1\.8\d*e-4$/],
  ["003-E1", "–"],
  ["004-E1", "largest 3.6e-10"],
  ["004-E5", "best validation 52.24 % at lambda 0.001668"],
])("%s", (id, text) => {
  const experiment = published.find((candidate) => candidate.id === id);
  expect(reportedResult(experiment?.reported)).toMatch(text);
});
