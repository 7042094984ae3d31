import { Fault } from "../fault/fault.ts";
import { createPageDevice } from "../math/select.browser.ts";
import type { ThreadMessage, TrainMessage } from "./messages.ts";
import { serveTrainings } from "./serve-trainings.ts";

// The other side of `train-in-worker.browser.ts`: a page's worker that trains.

serveTrainings(
  {
    say: (message: TrainMessage) => postMessage(message),
    listen: (hear: (message: ThreadMessage) => void) =>
      addEventListener("message", (event: MessageEvent<ThreadMessage>) => hear(event.data)),
  },
  {
    create: createPageDevice,
    async load() {
      const remedy = "give the images: train(spec, { data: { train, validation, test } })";
      throw new Fault("data", "data", "no images, and a page has no files to read them from", remedy);
    },
  },
);
