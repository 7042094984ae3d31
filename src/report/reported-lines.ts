import type { Experiment } from "../experiments/experiment.ts";
import { identityOf } from "../experiments/identity.ts";
import { officialOf } from "../experiments/official.ts";
import { reportedNumbers } from "../experiments/reported-number.ts";
import type { Metric } from "../plot/metric.ts";
import type { Reference } from "../plot/reference-line.ts";
import type { Spec } from "../record/spec.ts";
import { publishedText, withUnit } from "./reported-text.ts";

/** Lines that a panel has room for. */
const most = 3;

interface Claimant {
  readonly spec: Spec;
  readonly experiment?: string | undefined;
  readonly fork?: { readonly run: string; readonly step: number } | undefined;
}

/** What was published for a run's very settings, as lines across a figure of a metric. */
export function reportedLines(run: Claimant, metric: Metric): readonly Reference[] {
  const identity = identityOf(run);
  const numbers: Experiment["numbers"] =
    identity === undefined || identity.departures.length > 0 ? [] : (identity.experiment?.numbers ?? []);
  const reported = numbers.flatMap(({ what, reported: value }) => {
    const { metric: measured, part } = reportedNumbers[what];
    if (value === undefined || measured !== metric) return [];
    return [{ name: `reported, ${partNames[part]}: ${withUnit(what, publishedText(what, value))}`, value }];
  });
  const official = metric === "accuracy" ? officialOf(run.spec) : undefined;
  return [
    ...reported,
    ...(official === undefined
      ? []
      : [
          {
            name: `${official.name}, test: ${withUnit("testAccuracy", publishedText("testAccuracy", official.testAccuracy))}`,
            value: official.testAccuracy,
          },
        ]),
  ].slice(0, most);
}

const partNames = { train: "training", validation: "validation", test: "test" } as const;
