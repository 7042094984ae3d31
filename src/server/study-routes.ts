import type { Context, Hono } from "hono";
import { z } from "zod";
import { findExperiment } from "../experiments/catalogue.ts";
import { readStudy, studyLog } from "../lab/kept-studies.ts";
import { searchCsv } from "../report/search-csv.ts";
import { searchReport } from "../report/search-report.ts";
import { comparisonTable, searchSentences, topTable } from "../report/search-table.ts";
import { parseSearch, searchSchema } from "../search/search-document.ts";
import { type SearchResult, searchResult } from "../search/search-result.ts";
import { trialState } from "../search/study-state.ts";
import type { Store } from "../store/store.ts";
import { attachment, exact, notFound } from "./answer.ts";
import type { LabServer } from "./lab-server.ts";
import { requestBody } from "./request-body.ts";

/** A search as the page lists it. */
export interface StudyRow {
  readonly name: string;
  /** Trials by their state, in all stages so far. */
  readonly trials: Readonly<Record<string, number>>;
  readonly stages: number;
  readonly stagesBegun: number;
  readonly paths: readonly string[];
  /** Of the best trial on the validation images, as a fraction. */
  readonly best?: number;
  /** Trials that may be the best. */
  readonly mayBeBest: number;
  readonly isGoing: boolean;
}

/** A search as its page shows it. */
export interface StudyView {
  readonly result: SearchResult;
  readonly top: ReturnType<typeof topTable>[];
  readonly comparison?: ReturnType<typeof comparisonTable>;
  readonly sentences: readonly string[];
  readonly isGoing: boolean;
  /** Whether this server searches, and can stop it. */
  readonly isOurs: boolean;
}

const document = z.record(z.string(), z.unknown());

/** Searches: listed, looked at, begun and stopped. */
export function studyRoutes(app: Hono, { store, searches }: LabServer): void {
  app.get("/api/studies", async (context) => {
    const logs = await store.logs({ kind: "study" });
    const rows = await Promise.all(logs.map(({ log }) => studyRow(store, log.replace(/^study-/, ""))));
    return exact(
      context,
      rows.filter((row) => row !== undefined),
    );
  });

  app.get("/api/studies/:name", async (context) => {
    const result = await resultOf(store, context);
    if (result === undefined) return notFound(context);
    const comparison = comparisonTable(result);
    const view: StudyView = {
      result,
      top: result.stages.map((_, stage) => topTable(result, stage)),
      ...(comparison === undefined ? {} : { comparison }),
      sentences: searchSentences(result),
      isGoing: await store.isClaimed(studyLog(result.study)),
      isOurs: searches?.going === result.study,
    };
    return exact(context, view);
  });

  app.get("/api/studies/:name/csv", async (context) => {
    const result = await resultOf(store, context);
    if (result === undefined) return notFound(context);
    return attachment(context, searchCsv(result), `${result.study}.csv`, "text/csv; charset=utf-8");
  });

  app.get("/api/studies/:name/report", async (context) => {
    const result = await resultOf(store, context);
    if (result === undefined) return notFound(context);
    return attachment(context, await searchReport({ result }), `${result.study}.html`, "text/html; charset=utf-8");
  });

  app.get("/api/search-schema", (context) => exact(context, z.toJSONSchema(searchSchema, { io: "input" })));

  if (searches === undefined) return;

  app.post("/api/studies", async (context) => {
    const body = await requestBody(context, z.strictObject({ search: document }));
    const { spec } = body.search;
    // A published training by its name, as the command line takes it; files are no business of a page's.
    const search =
      typeof spec === "string" ? { ...body.search, spec: findExperiment(spec)?.spec ?? spec } : body.search;
    return exact(context, { study: await searches.begin(parseSearch(search)) }, 201);
  });

  app.post("/api/studies/:name/stop", async (context) => {
    const result = await resultOf(store, context);
    if (result === undefined && searches.going !== context.req.param("name")) return notFound(context);
    await searches.stop(context.req.param("name"));
    return exact(context, { study: context.req.param("name") });
  });

  app.post("/api/studies/:name/resume", async (context) => {
    const result = await resultOf(store, context);
    if (result === undefined) return notFound(context);
    return exact(context, { study: await searches.begin(result.document) });
  });
}

/** The search that a route names; undefined where there is none. */
async function resultOf(store: Store, context: Context): Promise<SearchResult | undefined> {
  const name = context.req.param("name") ?? "";
  const logs = await store.logs({ kind: "study" });
  if (!logs.some(({ log }) => log === studyLog(name))) return undefined;
  const study = await readStudy(store, name);
  return study && searchResult(study.state);
}

async function studyRow(store: Store, name: string): Promise<StudyRow | undefined> {
  const state = (await readStudy(store, name))?.state;
  if (state === undefined) return undefined;
  const { order, indistinguishable, stages } = searchResult(state);
  const trials: Record<string, number> = {};
  for (const trial of state.trials) {
    const of = trialState(trial, state.document);
    trials[of] = (trials[of] ?? 0) + 1;
  }
  const best = stages.flatMap((stage) => stage.trials).find(({ trial }) => trial === order[0])?.accuracy;
  return {
    name,
    trials,
    stages: state.document.stages.length,
    stagesBegun: stages.length,
    paths: Object.keys(state.document.vary),
    ...(best === undefined ? {} : { best }),
    mayBeBest: indistinguishable.trials.length,
    isGoing: await store.isClaimed(studyLog(name)),
  };
}
