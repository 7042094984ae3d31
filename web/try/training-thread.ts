import { createPageDevice } from "../../src/math/select.browser.ts";
import type { ThreadMessage, TrainMessage } from "../../src/worker/messages.ts";
import { serveTrainings } from "../../src/worker/serve-trainings.ts";
import { loadImages, type PickedFiles } from "./image-source.ts";

/** What a worker that trains does. It is told the picked files before its first training. */
export function trainHere(): void {
  let picked: PickedFiles = new Map();
  serveTrainings(
    {
      say: (message: TrainMessage) => postMessage(message),
      listen: (hear: (message: ThreadMessage) => void) =>
        addEventListener("message", ({ data }: MessageEvent<ThreadMessage | { readonly picked: PickedFiles }>) => {
          if ("picked" in data) picked = data.picked;
          else hear(data);
        }),
    },
    { create: createPageDevice, load: (spec) => loadImages(spec, picked) },
  );
}
