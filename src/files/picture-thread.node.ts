import { parentPort } from "node:worker_threads";
import { Fault } from "../fault/fault.ts";
import type { PictureAnswer, PictureQuestion } from "./picture-reader.node.ts";
import { readPicture } from "./read-picture.node.ts";

// A thread that decodes pictures: what goes wrong in it, memory included, ends it and nothing else.

parentPort?.on("message", ({ id, bytes, place, reading }: PictureQuestion) => {
  try {
    const picture = readPicture(bytes, place, reading);
    say({ id, picture }, [picture.planes.buffer]);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { complaint, remedy } = error;
    say({ id, refusal: { place: error.place, complaint, remedy } });
  }
});

function say(answer: PictureAnswer, moved: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(answer, [...moved]);
}
