import { Fault } from "../fault/fault.ts";

/** One at a time: who comes while another is at it waits for its end. */
export interface Turns {
  /**
   * Waits for a turn; undefined where `signal` is aborted first.
   * @throws Fault `usage` where the one before has been at rest for too long: then nobody may ever end it
   */
  take(signal?: AbortSignal): Promise<Turn | undefined>;
}

interface Turn {
  /** Whether it waits for its caller: one that waits for long has been forgotten. */
  rest(isResting: boolean): void;
  end(): void;
}

export function createTurns(
  mostIdle = 60_000, // milliseconds that a turn may be at rest while another waits for it
): Turns {
  let current: { restingSince: number | undefined; readonly end: Promise<void> } | undefined;
  return {
    async take(signal) {
      while (current !== undefined) {
        if (signal?.aborted) return undefined;
        await endOf(current.end, mostIdle / 4, signal);
        const since = current?.restingSince;
        if (since !== undefined && performance.now() - since >= mostIdle) throw forgotten();
      }
      let resolve = () => {};
      const end = new Promise<void>((done) => {
        resolve = done;
      });
      const turn = { restingSince: undefined as number | undefined, end };
      current = turn;
      return {
        rest(isResting) {
          turn.restingSince = isResting ? performance.now() : undefined;
        },
        end() {
          current = undefined;
          resolve();
        },
      };
    },
  };
}

/** Waits for an end, so many milliseconds at most, and no longer than until `signal` is aborted. */
async function endOf(end: Promise<void>, milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wake = () => {};
  const moment = new Promise<void>((resolve) => {
    wake = resolve;
    timer = setTimeout(resolve, milliseconds);
  });
  signal?.addEventListener("abort", wake);
  await Promise.race([end, moment]);
  signal?.removeEventListener("abort", wake);
  clearTimeout(timer);
}

function forgotten(): Fault {
  const complaint = "another training on this trainer is open, and nobody listens to it";
  return new Fault("usage", "trainer", complaint, "iterate it to its end, call its return(), or open a second trainer");
}
