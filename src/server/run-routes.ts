import type { Context, Hono } from "hono";
import { stringify } from "yaml";
import { z } from "zod";
import { identityOf } from "../experiments/identity.ts";
import { Fault } from "../fault/fault.ts";
import { comparePaired } from "../lab/compare-paired.ts";
import { documentOf, readRun } from "../lab/kept-runs.ts";
import { labelRun } from "../lab/label-run.ts";
import { briefRuns } from "../lab/list-runs.ts";
import { reportCheck } from "../lab/report-check.ts";
import { forkedRun, resumedRun } from "../lab/resume.ts";
import { runAsFile } from "../lab/run-as-file.ts";
import { writtenSpecSchema } from "../record/left-out.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { Spec } from "../record/spec.ts";
import { gradientTable } from "../report/gradient-table.ts";
import { headline } from "../report/headline.ts";
import { htmlReport } from "../report/html-report.ts";
import { pairedTable } from "../report/paired-table.ts";
import { resultsTable } from "../report/results-table.ts";
import { runTable } from "../report/run-table.ts";
import { comparedTable, settingsTable } from "../report/runs-compared.ts";
import { seedGroups } from "../report/seed-groups.ts";
import { verdictTable } from "../report/verdict-table.ts";
import type { Store } from "../store/store.ts";
import { attachment, exact, notFound } from "./answer.ts";
import { knownId, knownRun, wholeNumber } from "./known-run.ts";
import type { LabServer } from "./lab-server.ts";
import { requestBody } from "./request-body.ts";
import { runsReport } from "./runs-report.ts";

const spec = z.record(z.string(), z.unknown());
const labels = z.strictObject({
  name: z.string().max(200).optional(),
  notes: z.string().max(10_000).optional(),
  add: z.array(z.string()).max(50).default([]),
  remove: z.array(z.string()).max(50).default([]),
});

/** Runs: read, compared, begun, stopped, gone on with and labelled. */
export function runRoutes(app: Hono, { store, trainings }: LabServer): void {
  app.get("/api/runs/:id/entries", async (context) => {
    const id = await knownId(store, context);
    if (id === undefined) return notFound(context);
    const entries = await store.read(id, wholeNumber(context.req.query("from") ?? "0", "from"));
    // Each entry is JSON already.
    return context.body(`[${entries.join(",")}]`, 200, { "content-type": "application/json; charset=utf-8" });
  });

  app.get("/api/runs/:id/tables", async (context) => {
    const run = await knownRun(store, context);
    return run === undefined ? notFound(context) : exact(context, tablesOf(run));
  });

  app.get("/api/runs/:id/gradients", async (context) => {
    const run = await knownRun(store, context);
    if (run === undefined) return notFound(context);
    return exact(context, gradientTable(await reportCheck(store, run.spec)));
  });

  app.get("/api/runs/:id/report", async (context) => {
    const run = await knownRun(store, context);
    if (run === undefined) return notFound(context);
    const experiment = identityOf(run)?.experiment;
    const material = { run: documentOf(run), gradients: await reportCheck(store, run.spec) };
    const html = htmlReport(experiment === undefined ? material : { ...material, experiment });
    return attachment(context, html, `${run.id}.html`, "text/html; charset=utf-8");
  });

  app.get("/api/runs/:id/file", async (context) => {
    const run = await knownRun(store, context);
    if (run === undefined) return notFound(context);
    return attachment(context, await runAsFile(store, run.id), `${run.id}.gradus`, "application/octet-stream");
  });

  app.get("/api/comparison", async (context) => {
    // What its tables show, summaries have.
    const runs = await briefRuns(store, namedIds(context));
    const groups = seedGroups(runs);
    return exact(context, {
      settings: settingsTable(groups),
      accuracies: comparedTable(groups),
      groups: groups.map(({ sample, settings }) => ({
        runs: sample.map(({ id }) => id),
        settings: Object.fromEntries(settings),
      })),
    });
  });

  app.get("/api/comparison/report", async (context) => {
    const html = await runsReport(store, await namedRuns(store, context));
    return attachment(context, html, "report.html", "text/html; charset=utf-8");
  });

  app.get("/api/comparison/paired", async (context) => {
    const runs = await namedRuns(store, context);
    const groups = seedGroups(runs);
    const sample = runs.filter((run) => groups.some((group) => group.sample.includes(run)));
    return exact(context, pairedTable(sample[0].id, await comparePaired(store, sample)));
  });

  app.get("/api/spec-schema", (context) => exact(context, writtenSpecSchema()));

  app.post("/api/spec", async (context) => {
    const body = await requestBody(context, z.strictObject({ spec }));
    return exact(context, { spec: parseSpec(body.spec) });
  });

  if (trainings === undefined) return;

  app.post("/api/runs", async (context) => {
    const body = await requestBody(context, z.strictObject({ spec }));
    return exact(context, { run: await trainings.begin(newRun(parseSpec(body.spec))) }, 201);
  });

  app.post("/api/runs/:id/stop", async (context) => {
    const run = await knownRun(store, context);
    if (run === undefined) return notFound(context);
    await trainings.stop(run.id);
    return exact(context, { run: run.id });
  });

  app.post("/api/runs/:id/resume", async (context) => {
    const run = await knownRun(store, context);
    if (run === undefined) return notFound(context);
    return exact(context, { run: await trainings.begin(await resumedRun(store, run, run.spec, () => {})) });
  });

  app.post("/api/runs/:id/fork", async (context) => {
    const run = await knownRun(store, context);
    if (run === undefined) return notFound(context);
    const body = await requestBody(context, z.strictObject({ spec }));
    const fork = await forkedRun(store, run, parseSpec(body.spec), () => {});
    return exact(context, { run: await trainings.begin(fork) }, 201);
  });

  app.post("/api/runs/:id/labels", async (context) => {
    const run = await knownRun(store, context);
    if (run === undefined) return notFound(context);
    await labelRun(store, run.id, await requestBody(context, labels));
    return exact(context, { run: run.id });
  });
}

/** A spec that is an experiment's own is begun as that experiment. */
function newRun(spec: Spec) {
  const identity = identityOf({ spec });
  return identity?.departures.length === 0 ? { spec, experiment: identity.published.id } : { spec };
}

function tablesOf(run: KeptRun) {
  const specText = stringify(run.spec);
  const facts = runTable(run);
  if (run.training?.final === undefined) return { facts, specText };
  const document = documentOf(run);
  const experiment = identityOf(run)?.experiment;
  return {
    facts,
    specText,
    headline: headline(document, experiment),
    results: resultsTable(document),
    ...(experiment === undefined || experiment.numbers.length === 0
      ? {}
      : { verdict: verdictTable(experiment, document) }),
  };
}

/** Runs to compare at once: their tables have a column each. */
const most = 50;

/** The runs of a query, each once. @throws Fault `usage` for too few or too many */
function namedIds(context: Context): string[] {
  const ids = [...new Set(context.req.queries("run") ?? [])];
  if (ids.length >= 2 && ids.length <= most) return ids;
  throw new Fault("usage", "run", `${ids.length} runs are named`, `name from 2 to ${most}`);
}

/** Runs with their whole logs. @throws Fault `usage` for one that is not there */
async function namedRuns(store: Store, context: Context): Promise<KeptRun[]> {
  const ids = namedIds(context);
  await briefRuns(store, ids);
  return await Promise.all(ids.map((id) => readRun(store, id)));
}
