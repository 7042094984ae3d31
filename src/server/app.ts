import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Fault } from "../fault/fault.ts";
import { guard } from "./access.ts";
import { notFound, refused } from "./answer.ts";
import { changeRoutes } from "./change-routes.ts";
import { dataRoutes } from "./data-routes.ts";
import { experimentRoutes } from "./experiment-routes.ts";
import type { LabServer } from "./lab-server.ts";
import { pictureRoutes } from "./picture-routes.ts";
import { runRoutes } from "./run-routes.ts";
import { siteRoutes } from "./site-routes.ts";
import { studyRoutes } from "./study-routes.ts";

/** Bytes of a request: a spec, or a few words. */
const mostBytes = 64 * 1024;

/** The store over HTTP. Every answer has passed `guard`; what is not in this table of routes is not there. */
export function createApp(lab: LabServer): Hono {
  const app = new Hono();
  app.use(guard(lab.access));
  app.use(bodyLimit({ maxSize: mostBytes, onError: (context) => context.text("too large\n", 413) }));
  for (const routes of [changeRoutes, runRoutes, pictureRoutes, experimentRoutes, studyRoutes, dataRoutes, siteRoutes])
    routes(app, lab);
  const paths = new Set(app.routes.filter(({ method }) => method !== "ALL").map(({ path }) => path));
  for (const path of paths) {
    const methods = app.routes.filter((route) => route.path === path && route.method !== "ALL");
    const allow = [...new Set(methods.map(({ method }) => method))].join(", ");
    app.all(path, (context) => context.text("not by this method\n", 405, { allow }));
  }
  app.notFound(notFound);
  app.onError((error, context) => {
    if (error instanceof Fault) return refused(context, error);
    const fault = new Fault("output", "gradus", "a defect of Gradus, not of your input", "please report it");
    lab.onDefect(error);
    return refused(context, fault);
  });
  return app;
}
