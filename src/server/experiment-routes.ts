import type { Hono } from "hono";
import { findExperiment, findPublished } from "../experiments/catalogue.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { experimentTable } from "../report/experiments-table.ts";
import { exact, notFound } from "./answer.ts";
import { experimentRows } from "./experiment-rows.ts";
import type { LabServer } from "./lab-server.ts";

/** The 37 published experiments. */
export function experimentRoutes(app: Hono, { store, trainings }: LabServer): void {
  app.get("/api/experiments", async (context) => exact(context, await experimentRows(store)));

  app.get("/api/experiments/:id", (context) => {
    const published = findPublished(context.req.param("id"));
    if (published === undefined) return notFound(context);
    const experiment = findExperiment(published.id);
    return exact(context, {
      table: experimentTable(published),
      ...(experiment === undefined ? {} : { spec: parseSpec(experiment.spec) }),
    });
  });

  if (trainings === undefined) return;

  app.post("/api/experiments/:id/runs", async (context) => {
    const experiment = findExperiment(context.req.param("id"));
    if (experiment === undefined) return notFound(context);
    const newRun = { spec: parseSpec(experiment.spec), experiment: experiment.id };
    return exact(context, { run: await trainings.begin(newRun) }, 201);
  });
}
