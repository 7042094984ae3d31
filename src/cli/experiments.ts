import { stringify } from "yaml";
import { findPublished, published } from "../experiments/catalogue.ts";
import type { Published, Variant } from "../experiments/experiment.ts";
import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { commandOf, experimentsTable, experimentTable } from "../report/experiments-table.ts";
import { conclude, createConsole } from "./console.ts";
import { schemaComment } from "./schema-comment.ts";

interface ExperimentsOptions {
  readonly yaml?: boolean;
  readonly json?: boolean;
}

/** `gradus experiments [004 | 004-E2]` */
export function experimentsCommand(name: string | undefined, options: ExperimentsOptions): void {
  const console = createConsole(options);
  const experiment = name === undefined ? undefined : findPublished(name);
  const chosen = experiment === undefined ? ofReport(name) : [experiment];
  if (options.yaml) {
    const text = specText(experiment, name);
    if (options.json) throw new Fault("usage", "--yaml", "does not go with --json", "leave one of them out");
    console.say(text.trimEnd());
    return;
  }
  console.table(experiment === undefined ? experimentsTable(chosen) : experimentTable(experiment));
  conclude(console, { experiments: chosen.map(described) }, undefined);
}

/** All of a report; all there are where none is named. @throws Fault `usage` for a name that is neither */
function ofReport(report: string | undefined): readonly Published[] {
  if (report === undefined) return published;
  const chosen = published.filter(({ id }) => id.startsWith(`${report}-`));
  if (chosen.length > 0) return chosen;
  const reports = [...new Set(published.map(({ id }) => id.slice(0, 3)))];
  const near = nearest(
    report,
    published.map(({ id }) => id),
  );
  const hint = near === undefined ? "" : `; did you mean "${near}"?`;
  const remedy = `give an experiment such as 004-E2, or a report: ${reports.join(", ")}`;
  throw new Fault("usage", report === "" ? '""' : report, `no experiment and no report${hint}`, remedy);
}

/** The spec of a training, every key of it, as a file that `gradus train` takes. */
function specText(experiment: Published | undefined, name: string | undefined): string {
  if (experiment === undefined) {
    throw new Fault("usage", "--yaml", `${name ?? "no experiment"} is not one training`, "name one, such as 004-E2");
  }
  const [variant] = experiment.variants;
  if (variant.kind !== "training") {
    const kind = variant.kind === "search" ? "a search: it has no one spec" : "a gradient check: it has no spec";
    throw new Fault("usage", "--yaml", `${experiment.id} is ${kind}`, `see gradus experiments ${experiment.id} --json`);
  }
  const comments = [
    schemaComment,
    "# `gradus spec KEY` explains a key; `gradus spec --schema > spec.schema.json` lets editors do so.",
    `# ${experiment.id}: ${experiment.title}`,
  ];
  return `${comments.join("\n")}\n${stringify(parseSpec(variant.spec))}`;
}

function described(experiment: Published) {
  const { id, title, reported, shows, unstated, fault, variants } = experiment;
  const command = commandOf(experiment);
  return { id, title, command, reported, shows, unstated, fault, protocols: variants.map(protocol) };
}

/** A protocol with its specs complete, as they are trained. */
function protocol(variant: Variant) {
  if (variant.kind === "training") return { ...variant, spec: parseSpec(variant.spec) };
  if (variant.kind === "gradient-check") return variant;
  const claims = variant.claims.map(({ text, because }) => ({ text, because }));
  return { ...variant, trials: variant.trials.map((trial) => parseSpec(trial)), claims };
}
