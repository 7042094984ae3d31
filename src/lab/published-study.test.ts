import { describe, expect, test } from "vitest";
import { published } from "../experiments/catalogue.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { checkSearch, specOf } from "../search/check-search.ts";
import { propose } from "../search/propose.ts";
import { foldStudy } from "../search/study-state.ts";
import { publishedStudy } from "./published-study.ts";

const protocols = published.flatMap((experiment) =>
  experiment.variants.flatMap((variant) =>
    variant.kind === "gradient-check" ? [] : [{ name: `${experiment.id} ${variant.name}`, experiment, variant }],
  ),
);

describe("a published protocol as a study", () => {
  test.each(protocols)("$name proposes the report's trials, each with its whole spec", ({ experiment, variant }) => {
    const document = publishedStudy(experiment, variant, 2);
    if (variant.kind === "search") checkSearch(document);
    const created = foldStudy(undefined, { kind: "created", document });
    const { trials } = foldStudy(created, ...propose(created, Number.POSITIVE_INFINITY));
    expect(trials.every(({ refused }) => refused === undefined)).toBe(true);
    const wanted = variant.kind === "training" ? [variant.spec] : variant.trials;
    expect(trials.map(({ setting }) => specOf(document.spec, setting))).toEqual(wanted.map(parseSpec));
    expect(document.seeds).toBe(2 * (variant.kind === "training" ? (variant.runs ?? 1) : 1));
  });

  test("what a search varies is what differs, and nothing else; weights are carried on where the report did", () => {
    const varied = protocols.filter(({ variant }) => variant.kind === "search");
    const paths = varied.map(({ name, experiment, variant }) => {
      const { vary, carry } = publishedStudy(experiment, variant, 1);
      return [name, Object.keys(vary).join(" "), carry];
    });
    expect(paths.filter(([, , carry]) => carry).map(([name]) => name)).toEqual([
      "001-E4 as-reported",
      "001-E5 as-reported",
    ]);
    expect(paths.filter(([, path]) => path !== "training.lambda")).toEqual([
      ["002-E4 as-intended", "training.lambda training.schedule.rate", false],
      ["002-E4 as-reported", "training.lambda training.schedule.rate", false],
    ]);
  });
});
