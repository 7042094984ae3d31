import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ThreadMessage, TrainMessage } from "./messages.ts";
import { createTrainer, type Thread, type Trainer } from "./trainer.ts";

/** Characters of what a process said on standard error before it ended by itself. */
const LAST_WORDS = 1500;

/** A trainer whose thread is a process of its own: what kills it, as a fault of a compiled kernel or too little memory, leaves this one. */
export function openProcessTrainer(): Trainer {
  return createTrainer(startProcess);
}

function startProcess(): Thread {
  // Compiled, the file beside this one has another ending.
  const file = new URL(`./process.node.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  const child = fork(fileURLToPath(file), [], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let hear: (message: TrainMessage) => void = () => {};
  let isOver = false;
  let lastWords = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS);
  });
  child.on("message", (message: TrainMessage) => hear(message));
  const ended = new Promise<void>((resolve) => {
    const end = (what: string) => {
      if (isOver) return;
      isOver = true;
      hear({
        defect: `the training's process ${what}${lastWords === "" ? "" : `; its last words: ${lastWords.trim()}`}`,
      });
      resolve();
    };
    child.on("error", ({ message }) => end(message));
    child.on("close", (code, signal) => end(signal === null ? `ended with code ${code}` : `was ended by ${signal}`));
  });
  return {
    // Where it is no more, its end has been heard.
    say: (message) => void (child.connected && child.send(unshared(message), () => {})),
    listen(listener) {
      hear = listener;
    },
    get isOver() {
      return isOver;
    },
    async end() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Memory cannot be shared with a process: wishes come as messages alone. */
function unshared(message: ThreadMessage): ThreadMessage {
  return "order" in message ? { order: { ...message.order, wishes: new Int32Array(2) } } : message;
}
