import type { Hono } from "hono";
import { gradusVersion } from "../lab/versions.ts";
import { exact } from "./answer.ts";
import { changesSince } from "./changes.ts";
import { eventStream } from "./event-stream.ts";
import { wholeNumber } from "./known-run.ts";
import type { LabServer } from "./lab-server.ts";

/** Where the page learns what there is, and what has changed. */
export function changeRoutes(app: Hono, { store, follower, trainings, ending }: LabServer): void {
  app.get("/api/lab", (context) =>
    exact(context, { place: store.place, version: gradusVersion(), isReadOnly: trainings === undefined }),
  );

  app.get("/api/runs", async (context) => exact(context, await changesSince(store, 0)));

  app.get("/api/changes", (context) => {
    const last = context.req.header("last-event-id") ?? context.req.query("since") ?? "0";
    const signal = AbortSignal.any([ending, context.req.raw.signal]);
    return context.body(eventStream(follower, wholeNumber(last, "since"), signal), 200, {
      "content-type": "text/event-stream",
    });
  });
}
