import type { Hono } from "hono";
import type { Dataset } from "../data/dataset.ts";
import { keptModel } from "../lab/kept-model.ts";
import { weightTemplates } from "../plot/templates.ts";
import { decodeCheckpoint } from "../record/checkpoint-file.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { Store } from "../store/store.ts";
import { exact, forever, notFound } from "./answer.ts";
import { knownRun, wholeNumber } from "./known-run.ts";
import type { LabServer } from "./lab-server.ts";
import { type TestAnswers, testAnswers, testImages, testPicture } from "./test-answers.ts";

/** Answers of models that are remembered. */
const remembered = 16;
/** Templates side by side, and how many at most. */
const columns = 10;
const mostTemplates = 50;

/** What a network has learned, and what it gets wrong. */
export function pictureRoutes(app: Hono, { store }: LabServer): void {
  const answers = new Map<string, Promise<TestAnswers>>();
  // Those of the run that was asked about last: a page asks for a score of pictures at once.
  let last: { readonly id: string; readonly images: Promise<Dataset> } | undefined;
  const imagesOf = (run: KeptRun) => {
    if (last?.id !== run.id) last = { id: run.id, images: testImages(run) };
    return last.images;
  };

  app.get("/api/runs/:id/answers", async (context) => {
    const run = await knownRun(store, context);
    if (run === undefined) return notFound(context);
    const key = `${run.id} ${run.model?.artifact}`;
    const known = answers.get(key) ?? imagesOf(run).then((test) => testAnswers(store, run, test));
    answers.set(key, known);
    known.catch(() => {
      answers.delete(key);
      last = undefined;
    });
    for (const old of [...answers.keys()].slice(0, -remembered)) answers.delete(old);
    return exact(context, await known);
  });

  app.get("/api/runs/:id/test-images/:image", async (context) => {
    const run = await knownRun(store, context);
    const image = wholeNumber(context.req.param("image"), "image");
    const picture = run && testPicture(await imagesOf(run), image);
    return picture === undefined ? notFound(context) : forever(context, picture, "image/png");
  });

  app.get("/api/runs/:id/templates/:artifact", async (context) => {
    const run = await knownRun(store, context);
    const picture = run && (await templates(store, run, context.req.param("artifact")));
    return picture === undefined ? notFound(context) : forever(context, picture, "image/png");
  });
}

/** The first layer of a run's checkpoint or model; undefined where it is not there, or its rows are no pictures. */
async function templates(store: Store, run: KeptRun, artifact: string): Promise<Uint8Array | undefined> {
  const isModel = run.model?.artifact === artifact;
  if (!isModel && !run.checkpoints.some((checkpoint) => checkpoint.artifact === artifact)) return undefined;
  const bytes = await store.get(run.id, artifact);
  if (bytes === undefined) return undefined;
  const { W1 } = isModel ? (await keptModel(store, run)).weights : (await decodeCheckpoint(bytes, run.id)).tensors;
  const { shape, values } = W1;
  if (shape[1] !== 3072 || !(values instanceof Float32Array || values instanceof Float64Array)) return undefined;
  const rows = Math.min(mostTemplates, shape[0]);
  return weightTemplates({ shape: [rows, shape[1]], values: values.subarray(0, rows * shape[1]) }, { columns });
}
