/** One end of a line between two threads: a worker, a message port, or the worker's own global scope. */
export interface Port<Said, Heard> {
  say(message: Said): void;
  /** Replaces who hears. */
  listen(hear: (message: Heard) => void): void;
}
