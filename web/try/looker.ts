import { failureOf } from "../../src/worker/messages.ts";
import type { LookAnswer, LookRequest, Looks } from "./look-messages.ts";
import { startWorker } from "./start-worker.ts";

let worker: Worker | undefined;
let asked = 0;
const waiting = new Map<number, (answer: LookAnswer) => void>();

/** Asks the looking worker. @throws Fault as what it does */
export async function look<Kind extends LookRequest["kind"]>(
  request: Extract<LookRequest, { kind: Kind }> & { readonly kind: Kind },
): Promise<Looks[Kind]> {
  worker ??= start();
  const number = ++asked;
  const answered = new Promise<LookAnswer>((resolve) => waiting.set(number, resolve));
  worker.postMessage({ number, request });
  const answer = await answered;
  waiting.delete(number);
  if ("failure" in answer) throw failureOf(answer.failure as Parameters<typeof failureOf>[0]);
  return answer.answer as Looks[Kind];
}

function start(): Worker {
  const started = startWorker("looking");
  started.onmessage = ({ data }: MessageEvent<LookAnswer>) => waiting.get(data.number)?.(data);
  started.onerror = ({ message }) => {
    worker = undefined;
    const failure = { defect: message || "the worker could not be started" };
    for (const [number, answer] of waiting) answer({ number, failure });
  };
  return started;
}
