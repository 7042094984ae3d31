import { setTimeout as sleep } from "node:timers/promises";
import { decode } from "fast-png";
import { afterAll, expect, test } from "vitest";
import { findExperiment } from "../experiments/catalogue.ts";
import { readRun } from "../lab/kept-runs.ts";
import { parseSpec, setPath } from "../record/parse-spec.ts";
import { decodeRunFile } from "../record/run-file.ts";
import type { TextTable } from "../report/text-table.ts";
import { type Changes, changesSince } from "./changes.ts";
import type { ExperimentRow } from "./experiment-rows.ts";
import { smallLab } from "./fixtures/small-lab.ts";
import type { StudyRow, StudyView } from "./study-routes.ts";
import type { TestAnswers } from "./test-answers.ts";

const lab = smallLab();
afterAll(lab.close);

/** The run as it is once it has ended. */
async function ended(id: string) {
  for (let since = 0; ; ) {
    const changes = await lab.follower.next(
      { since, running: new Set(), searching: [] },
      10_000,
      AbortSignal.timeout(20_000),
    );
    if (changes === undefined) throw new Error(`${id} does not end`);
    const run = changes.runs.find((each) => each.id === id);
    if (run !== undefined && run.state !== "running") return run;
    since = changes.number;
  }
}

async function begin(spec: unknown): Promise<string> {
  return (await lab.get<{ run: string }>("/api/runs", { json: { spec } })).run;
}

test("a run that is begun over HTTP trains, is kept, and can be looked at from every side", async () => {
  const id = await begin(lab.spec);
  const run = await ended(id);
  expect(run).toMatchObject({ name: "small", state: "finished", step: 12, steps: 12 });
  expect(run.highest?.accuracy).toBeGreaterThan(0.3);
  expect(lab.failures).toEqual([]);

  const entries = await lab.get<{ kind: string }[]>(`/api/runs/${id}/entries?from=1`);
  expect(entries.map(({ kind }) => kind)).toEqual(
    (await lab.store.read(id)).slice(1).map((entry) => JSON.parse(entry).kind),
  );
  const tables = await lab.get<Record<string, TextTable>>(`/api/runs/${id}/tables`);
  expect(tables.results.caption).toContain("12 updates");
  const answers = await lab.get<TestAnswers>(`/api/runs/${id}/answers`);
  expect(answers.confusion.flat().reduce((sum, count) => sum + count)).toBe(12);
  expect(answers.isPictured).toBe(false);
  expect((await lab.ask(`/api/runs/${id}/test-images/0`)).status).toBe(404);
  expect((await lab.get<TextTable>(`/api/runs/${id}/gradients`)).groups.length).toBeGreaterThan(0);
  const report = await lab.ask(`/api/runs/${id}/report`);
  expect(report.headers.get("content-disposition")).toContain("attachment");
  expect(await report.text()).toContain("<h1>small</h1>");
  const file = new Uint8Array(await (await lab.ask(`/api/runs/${id}/file`)).arrayBuffer());
  expect((await decodeRunFile(file, "file")).id).toBe(id);
});

test("a run on pictures shows them, what its first layer looks like, and what the report said of it", async () => {
  const spec = findExperiment("004-E2")?.spec;
  const limits = { train: 300, validation: 20, test: 20 };
  const id = await begin(setPath(setPath({ ...spec, name: "004-E2" }, "data.limit", limits), "training.cycles", 0.003));
  await ended(id);
  const picture = async (path: string) => {
    const answer = await lab.ask(`/api/runs/${id}/${path}`);
    expect(answer.headers.get("content-type")).toBe("image/png");
    return decode(new Uint8Array(await answer.arrayBuffer()));
  };
  expect(await picture("test-images/7")).toMatchObject({ width: 32, height: 32, channels: 3 });
  expect((await lab.ask(`/api/runs/${id}/test-images/10000`)).status).toBe(404);
  const { model, checkpoints } = await readRun(lab.store, id);
  for (const { artifact } of [model, ...checkpoints].filter((kept) => kept !== undefined)) {
    expect((await picture(`templates/${artifact}`)).width).toBeGreaterThan(32);
  }
  expect((await lab.ask(`/api/runs/${id}/templates/${"0".repeat(64)}`)).status).toBe(404);
  const { verdict } = await lab.get<Record<string, TextTable>>(`/api/runs/${id}/tables`);
  expect(verdict.groups[0].rows.length).toBeGreaterThan(0);
});

test("runs of two settings are compared, and image by image", async () => {
  const ids = [await begin(lab.spec), await begin(setPath(lab.spec, "training.lambda", 0.1))];
  for (const id of ids) await ended(id);
  const query = ids.map((id) => `run=${id}`).join("&");
  const { settings, groups } = await lab.get<{ settings: TextTable; groups: { runs: string[] }[] }>(
    `/api/comparison?${query}`,
  );
  expect(settings.groups[0].rows.map(({ cells }) => cells)).toEqual([["training.lambda", "0", "0.1"]]);
  expect(groups.map(({ runs }) => runs)).toEqual(ids.map((id) => [id]));
  expect((await lab.get<TextTable>(`/api/comparison/paired?${query}`)).caption).toContain(ids[0]);
  for (const path of ["comparison", "comparison/paired", "comparison/report"]) {
    expect((await lab.ask(`/api/${path}?run=${ids[0]}&run=nothing`)).status, path).toBe(400);
  }
});

test("a run is stopped, gone on with to the bits of one that never stopped, and forked", async () => {
  const long = setPath(setPath(lab.spec, "training.epochs", 3000), "evaluate", { every: 3000 });
  const id = await begin(long);
  expect((await lab.ask(`/api/runs/${id}/stop`, { json: {} })).status).toBe(200);
  expect((await changesSince(lab.store, 0)).runs.find((run) => run.id === id)?.state).toBe("interrupted");
  expect((await lab.ask(`/api/runs/${id}/stop`, { json: {} })).status).toBe(409);
  const resumed = await lab.get<{ run: string }>(`/api/runs/${id}/resume`, { json: {} });
  expect(resumed.run).toBe(id);
  expect((await ended(id)).state).toBe("finished");
  const whole = await begin(long);
  await ended(whole);
  const hashOf = async (run: string) =>
    (await lab.store.read(run)).flatMap((entry) => JSON.parse(entry).event?.weightsSha256 ?? []);
  expect(await hashOf(id)).toEqual(await hashOf(whole));

  const longer = setPath(long, "training.epochs", 3010);
  const { run: fork } = await lab.get<{ run: string }>(`/api/runs/${id}/fork`, { json: { spec: longer } });
  expect(await ended(fork)).toMatchObject({ state: "finished", fork: { run: id } });
});

test("a search over HTTP is trained to its end, looked at, reported and listed; another waits for its end", async () => {
  const search = {
    name: "lambdas",
    spec: lab.spec,
    vary: { "training.lambda": { kind: "log", low: 1e-4, high: 0.1 } },
    stages: [{ sampler: { kind: "grid" }, count: 3 }],
  };
  const wrong = { ...search, vary: { "training.lamda": search.vary["training.lambda"] } };
  expect((await lab.ask("/api/studies", { json: { search: wrong } })).status).toBe(400);
  expect(await lab.get<StudyRow[]>("/api/studies")).toEqual([]);
  expect(await lab.get("/api/studies", { json: { search } })).toEqual({ study: "lambdas" });
  const view = () => lab.get<StudyView>("/api/studies/lambdas");
  // It is there from the answer on: whoever is sent to its page finds it.
  expect((await lab.ask("/api/studies/lambdas")).status).toBe(200);
  while ((await view()).isGoing) await sleep(50);
  const { result, top, isOurs } = await view();
  expect(isOurs).toBe(false);
  expect(result.stages[0].trials.map(({ state }) => state)).toEqual(["finished", "finished", "finished"]);
  expect(top[0].caption).toContain("The best 3 of 3 trials");
  expect(await lab.get<StudyRow[]>("/api/studies")).toMatchObject([
    { name: "lambdas", trials: { finished: 3 }, stages: 1, stagesBegun: 1, isGoing: false },
  ]);
  expect(await (await lab.ask("/api/studies/lambdas/report")).text()).toContain("<h1>");
  expect((await (await lab.ask("/api/studies/lambdas/csv")).text()).split("\n")).toHaveLength(5);
  expect((await lab.ask("/api/studies/nothing")).status).toBe(404);

  // Stopped amid it, with what has ended kept; a second one meanwhile is refused.
  const spec = setPath(setPath(lab.spec, "training.epochs", 4000), "evaluate", { every: 4000 });
  const long = { ...search, name: "long", spec, seeds: 2 };
  await lab.get("/api/studies", { json: { search: long } });
  expect((await lab.ask("/api/studies", { json: { search } })).status).toBe(400);
  expect((await lab.ask("/api/studies/long/stop", { json: {} })).status).toBe(200);
  expect((await lab.ask("/api/studies/long/stop", { json: {} })).ok).toBe(false);
  expect(lab.failures).toEqual([]);

  const runs = (await lab.get<Changes>("/api/runs")).runs.filter(({ tags }) => tags.includes("lambdas"));
  const report = await lab.ask(`/api/comparison/report?${runs.map(({ id }) => `run=${id}`).join("&")}`);
  expect(await report.text()).toContain("Report of 3 runs");
});

test("what is refused says what, where and the remedy, and leaves nothing behind", async () => {
  const before = (await lab.get<Changes>("/api/runs")).runs.length;
  const wrong = setPath(lab.spec, "training.lamda", 1);
  const response = await lab.ask("/api/runs", { json: { spec: wrong } });
  expect(response.status).toBe(400);
  expect((await response.json()).error).toMatchObject({ code: "spec", place: "training.lamda" });
  const missing = setPath(lab.spec, "data.dataset.train", ["nowhere.csv"]);
  expect((await lab.ask("/api/runs", { json: { spec: missing } })).status).toBe(422);
  expect((await lab.ask("/api/runs", { method: "POST", body: "{}" })).status).toBe(400);
  expect((await lab.get<Changes>("/api/runs")).runs.length).toBe(before);
});

test("a run is labelled; tags that are none are refused", async () => {
  const [{ id }] = (await lab.get<Changes>("/api/runs")).runs;
  await lab.ask(`/api/runs/${id}/labels`, { json: { add: ["good"], notes: "<b>to be</b> defended" } });
  const [run] = (await lab.get<Changes>("/api/runs")).runs;
  expect(run).toMatchObject({ tags: ["good"], notes: "<b>to be</b> defended" });
  expect((await lab.ask(`/api/runs/${id}/labels`, { json: { add: ["<script>"] } })).status).toBe(400);
  expect((await lab.ask("/api/runs/nothing/labels", { json: { add: ["good"] } })).status).toBe(404);
});

test("all published experiments are listed, and a spec is made whole without training it", async () => {
  const rows = await lab.get<ExperimentRow[]>("/api/experiments");
  expect(rows).toHaveLength(37);
  expect(rows.find(({ id }) => id === "004-E2")).toMatchObject({ kind: "training", command: "gradus train 004-E2" });
  const { spec } = await lab.get<{ spec: unknown }>("/api/spec", { json: { spec: lab.spec } });
  expect(spec).toEqual(parseSpec(lab.spec));
  expect(await lab.get("/api/spec-schema")).toMatchObject({ type: "object", required: ["training"] });
});
