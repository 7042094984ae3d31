/** One end of a line between two threads: a worker, a message port, or the worker's own global scope. */
export interface Port<Outgoing, Incoming> {
  say(message: Outgoing): void;
  /** Replaces who hears. */
  listen(hear: (message: Incoming) => void): void;
}
