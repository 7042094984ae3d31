import type { Published, SearchVariant, Variant } from "../experiments/experiment.ts";
import { reportedNumbers } from "../experiments/reported-number.ts";
import { percentText } from "../plot/number-text.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { leaves } from "../record/spec-difference.ts";
import { acceptedText, unitOf } from "./reported-text.ts";
import { settingText } from "./setting-text.ts";
import { nothing, type TextRow, type TextTable } from "./text-table.ts";

/** What redoes an experiment. */
export function commandOf({ id, variants: [{ kind }] }: Published): string {
  return kind === "training" ? `gradus train ${id}` : `gradus replicate ${id}`;
}

/** Published experiments, one a row. */
export function experimentsTable(experiments: readonly Published[]): TextTable {
  return {
    caption: `${experiments.length} published experiments`,
    columns: [
      { header: "experiment", kind: "text" },
      { header: "what it is", kind: "text" },
      { header: "reported test (%)", kind: "number" },
      { header: "command", kind: "text" },
    ],
    groups: [
      {
        rows: experiments.map((experiment) => ({
          cells: [experiment.id, experiment.title, testAccuracyText(experiment.reported), commandOf(experiment)],
        })),
      },
    ],
    notes: [
      "`gradus experiments ID` shows the settings and every reported number; with --yaml the spec of a training, to change and train.",
    ],
    explanations: [],
  };
}

/** Everything that is known of one experiment, its protocols one after the other. */
export function experimentTable(experiment: Published): TextTable {
  const { id, title, reported, shows, unstated, fault, variants } = experiment;
  return {
    caption: `${id}: ${title}`,
    columns: [
      { header: "what", kind: "text" },
      { header: "value", kind: "text" },
    ],
    groups: [
      {
        rows: [
          { cells: ["command", commandOf(experiment)] },
          { cells: ["the report shows", shows] },
          ...(fault === undefined ? [] : [{ cells: ["at fault", fault] }]),
        ],
      },
      { heading: "reported", rows: reportedRows(reported) },
      ...variants.map((variant) => ({ heading: protocolText(variant), rows: protocolRows(variant) })),
      {
        heading: "left unsaid by the report, and taken here",
        rows: unstated.map(({ what, taken }) => ({ cells: [what, taken] })),
      },
    ].filter(({ rows }) => rows.length > 0),
    notes: [],
    explanations: [],
  };
}

function testAccuracyText(reported: unknown): string {
  const accuracy = (reported as { testAccuracy?: unknown } | null)?.testAccuracy;
  return typeof accuracy === "number" ? percentText(accuracy).replace(" %", "") : nothing;
}

/** A number a row; of a table of numbers, one of its rows. */
function reportedRows(reported: unknown): TextRow[] {
  return [...leaves(reported ?? {})].flatMap(([path, value]): TextRow[] => {
    const isTable = Array.isArray(value) && value.every((row) => typeof row === "object" && row !== null);
    if (!isTable) return [{ cells: [path, settingText(value)] }];
    return value.map((row: object, index) => ({ cells: [`${path} ${index + 1}`, pairsText(leaves(row))] }));
  });
}

function pairsText(pairs: ReadonlyMap<string, unknown>): string {
  return [...pairs].map(([name, value]) => `${name} ${settingText(value)}`).join(", ");
}

function protocolText({ name, differs }: Variant): string {
  return `protocol ${name}${differs === undefined ? "" : `: ${differs}`}`;
}

function protocolRows(variant: Variant): TextRow[] {
  if (variant.kind === "search") return searchRows(variant);
  if (variant.kind === "gradient-check") {
    const { problem, difference, measure, bound } = variant;
    return [
      ...settingRows(leaves(problem)),
      { cells: ["difference", difference] },
      { cells: [measure, measure === "decimals" ? `${bound} at least` : `below ${bound}`] },
    ];
  }
  return [
    ...settingRows(leaves(parseSpec(variant.spec))),
    ...variant.numbers.map((number) => ({
      cells: [`accepted ${reportedNumbers[number.what].name}`, `${acceptedText(number)} ${unitOf(number.what)}`],
    })),
  ];
}

/** The settings of all trials: the value where they agree, else all values. */
function searchRows({ trials, claims, carryWeights }: SearchVariant): TextRow[] {
  const settings = trials.map((trial) => leaves(parseSpec(trial)));
  const paths = [...new Set(settings.flatMap((trial) => [...trial.keys()]))];
  return [
    { cells: ["trials", String(trials.length)] },
    ...(carryWeights ? [{ cells: ["weights", "each trial begins with those the one before it ended with"] }] : []),
    ...paths
      .filter((path) => path !== "name")
      .map((path) => ({
        cells: [path, [...new Set(settings.map((trial) => settingText(trial.get(path))))].join("  ")],
      })),
    ...claims.map(({ text }) => ({ cells: ["claim", text] })),
  ];
}

function settingRows(settings: ReadonlyMap<string, unknown>): TextRow[] {
  return [...settings].map(([path, value]) => ({ cells: [path, settingText(value)] }));
}
