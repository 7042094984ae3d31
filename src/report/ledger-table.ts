import type { GradientVariant, Published, TrainingVariant } from "../experiments/experiment.ts";
import type { Estimate, LedgerEntry, ObtainedCheck, ObtainedSearch, ObtainedTraining } from "../experiments/ledger.ts";
import { reportedNumbers } from "../experiments/reported-number.ts";
import { largestOf, smallestOf } from "../math/extremes.ts";
import { numberText } from "../plot/number-text.ts";
import { rangeText } from "./accuracy-text.ts";
import { reportedResult } from "./reported-result.ts";
import { obtainedText, unitOf } from "./reported-text.ts";
import { nothing, type TextRow, type TextTable } from "./text-table.ts";

/** All lines of a ledger: one a protocol. */
export function ledgerTable(entries: readonly LedgerEntry[]): TextTable {
  return {
    caption: "Published experiments: reported against obtained",
    columns: [
      { header: "experiment", kind: "text" },
      { header: "protocol", kind: "text" },
      { header: "reported", kind: "text" },
      { header: "obtained", kind: "text" },
      { header: "seconds", kind: "number" },
      { header: "verdict", kind: "text" },
    ],
    groups: [
      {
        rows: entries.map(({ id, variant, reported, obtained, seconds, verdict }) => ({
          cells: [id, variant, reportedResult(reported), resultText(obtained), numberText(seconds, "seconds"), verdict],
          tone: verdict === "not reproduced" ? "bad" : "good",
        })),
      },
    ],
    notes: [countsText(entries)],
    explanations: [],
  };
}

function countsText(entries: readonly LedgerEntry[]): string {
  const count = (verdict: LedgerEntry["verdict"]) => entries.filter((entry) => entry.verdict === verdict).length;
  const ids = new Set(entries.map(({ id }) => id)).size;
  return (
    `${ids} ${ids === 1 ? "experiment" : "experiments"}, ${entries.length} ${entries.length === 1 ? "protocol" : "protocols"}: ${count("reproduced")} reproduced, ` +
    `${count("shown to be a fault")} shown to be a fault, ${count("not reproduced")} not reproduced.`
  );
}

/** The result in a few words: one that a line of a terminal holds. */
function resultText(obtained: LedgerEntry["obtained"]): string {
  if (!("rows" in obtained)) {
    const { testAccuracy, trainLoss } = obtained;
    if (Number.isFinite(testAccuracy.mean)) return `test ${percent(testAccuracy)}`;
    return `training loss ${numberText(trainLoss.mean, "nats")}`;
  }
  const [first] = obtained.rows;
  if (first !== undefined && "lambda" in first) {
    const best = (obtained as ObtainedSearch).rows.reduce((top, row) =>
      row.validationAccuracy.mean > top.validationAccuracy.mean ? row : top,
    );
    return `best validation ${percent(best.validationAccuracy)} at lambda ${numberText(best.lambda, "rate")}`;
  }
  const { rows } = obtained as ObtainedCheck;
  const values = rows.map(({ value }) => value);
  const isDecimals = rows[0]?.measure === "decimals";
  return isDecimals ? `agree to ${smallestOf(values)} decimals` : `largest ${numberText(largestOf(values), "error")}`;
}

/** `46.18 % (45.20–47.16)` */
function percent({ mean, low, high }: Estimate): string {
  return `${numberText(mean, "fraction")} % (${rangeText(low, high)})`;
}

/** The numbers of a training beside those that the report printed. */
export function trainingTable(
  { id }: Published,
  { numbers }: TrainingVariant,
  { variant, obtained }: LedgerEntry,
): TextTable {
  const values = obtained as ObtainedTraining;
  const rows = (Object.keys(reportedNumbers) as (keyof typeof reportedNumbers)[]).map((what): TextRow => {
    const show = (value: number | undefined) => (value === undefined ? nothing : obtainedText(what, value));
    const reportedNumber = numbers.find((number) => number.what === what);
    const { mean, low, high, n } = values[what];
    const holds = reportedNumber !== undefined && mean >= reportedNumber.low && mean <= reportedNumber.high;
    return {
      cells: [
        `${reportedNumbers[what].name} (${unitOf(what)})`,
        show(reportedNumber?.reported),
        show(mean),
        low === high && n === 1 ? nothing : `${show(low)}–${show(high)}`,
        reportedNumber === undefined ? nothing : `${show(reportedNumber.low)}–${show(reportedNumber.high)}`,
        reportedNumber === undefined ? nothing : holds ? "within" : "outside",
      ],
      ...(reportedNumber === undefined ? {} : { tone: holds ? "good" : "bad" }),
    };
  });
  const { n } = values.trainAccuracy;
  return {
    caption: `${id}, ${variant}`,
    columns: [
      { header: "number", kind: "text" },
      { header: "reported", kind: "number" },
      { header: "obtained", kind: "number" },
      { header: "95 % interval", kind: "range" },
      { header: "accepted", kind: "range" },
      { header: "", kind: "text" },
    ],
    groups: [{ rows }],
    notes: [
      n === 1
        ? "One run; the interval is Wilson's, for the number of images."
        : `Means of ${n} runs with different seeds; the interval is Student's, for the mean.`,
      ...numbers.map(({ what, because }) => `Accepted ${reportedNumbers[what].name}: ${because}.`),
    ],
    explanations: [],
  };
}

/** The trials of a search, in the report's order. */
export function searchTable({ id }: Published, { variant, obtained }: LedgerEntry): TextTable {
  const { rows } = obtained as ObtainedSearch;
  const hasRates = new Set(rows.map(({ eta }) => eta)).size > 1;
  return {
    caption: `${id}, ${variant}`,
    columns: [
      { header: "trial", kind: "number" },
      ...(hasRates ? [{ header: "eta", kind: "number" } as const] : []),
      { header: "lambda", kind: "number" },
      { header: "training (%)", kind: "number" },
      { header: "validation (%)", kind: "number" },
      { header: "95 % interval", kind: "range" },
      { header: "test (%)", kind: "number" },
    ],
    groups: [
      {
        rows: rows.map(({ lambda, eta, trainAccuracy, validationAccuracy, testAccuracy }, index) => ({
          cells: [
            String(index + 1),
            ...(hasRates ? [numberText(eta, "rate")] : []),
            numberText(lambda, "rate"),
            numberText(trainAccuracy.mean, "fraction"),
            numberText(validationAccuracy.mean, "fraction"),
            rangeText(validationAccuracy.low, validationAccuracy.high),
            numberText(testAccuracy.mean, "fraction"),
          ],
        })),
      },
    ],
    notes: [],
    explanations: [],
  };
}

/** How far apart the two gradients of each parameter are, by the report's own measure. */
export function checkTable(
  { id }: Published,
  { measure, difference, bound, because }: GradientVariant,
  { variant, obtained }: LedgerEntry,
): TextTable {
  const { rows } = obtained as ObtainedCheck;
  return {
    caption: `${id}, ${variant}: ${measures[measure]}, against the ${difference} difference`,
    columns: [
      { header: "parameter", kind: "text" },
      { header: "examples", kind: "number" },
      { header: measures[measure], kind: "number" },
    ],
    groups: [
      {
        rows: rows.map(({ parameter, examples, value }) => ({
          cells: [parameter, String(examples), measure === "decimals" ? String(value) : numberText(value, "error")],
        })),
      },
    ],
    notes: [`Asked for: ${measure === "decimals" ? `${bound} decimals` : `less than ${bound}`}; ${because}.`],
    explanations: [],
  };
}

const measures: Readonly<Record<GradientVariant["measure"], string>> = {
  maxAbsolute: "largest difference",
  maxRelative: "largest relative error of an entry",
  normRelative: "relative error of the norm",
  decimals: "decimals that agree",
};
