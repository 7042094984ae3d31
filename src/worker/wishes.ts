import { type CheckpointRhythm, type Wish, wishPlaces } from "./messages.ts";

/** What a training is told of the wishes: `PopulationOptions` in part. */
interface Watched {
  readonly signal: { readonly aborted: boolean };
  readonly wantsCheckpoint: (step: number, isLast: boolean) => boolean;
}

/**
 * Looks at the wishes whenever the training asks, at least once a step. When a stop is seen, the checkpoint after that step is
 * taken too, where checkpoints are taken at all.
 */
export function watchWishes(wishes: Int32Array<ArrayBufferLike>, rhythm: CheckpointRhythm | undefined): Watched {
  const isDue = rhythm === undefined ? () => false : dueBy(rhythm);
  let isStopping = false;
  // Whether a checkpoint has been decided on since: then the training goes on or stops by what was seen there.
  let isDecided = false;
  const look = () => {
    isStopping ||= Atomics.load(wishes, wishPlaces.stop) !== 0;
  };
  return {
    signal: {
      get aborted() {
        if (!isDecided) look();
        isDecided = false;
        return isStopping;
      },
    },
    wantsCheckpoint(step, isLast) {
      look();
      isDecided = true;
      const isWished = Atomics.exchange(wishes, wishPlaces.checkpoint, 0) !== 0;
      return isDue(step, isLast || isStopping) || isWished;
    },
  };
}

/** Makes a wish: seen by whoever shares the memory. */
export function makeWish(wishes: Int32Array<ArrayBufferLike>, wish: Wish): void {
  Atomics.store(wishes, wishPlaces[wish], 1);
}

/** No measurement and no update depends on when this says yes. */
function dueBy({ steps, seconds }: CheckpointRhythm): (step: number, isLast: boolean) => boolean {
  let latest: number | undefined;
  return (step, isLast) => {
    // Where it begins: the one checkpoint that is there however it ends.
    const isStart = latest === undefined;
    latest ??= performance.now();
    const isTime = seconds !== undefined && performance.now() - latest >= seconds * 1000;
    const isDue = isStart || isLast || isTime || (steps !== undefined && step % steps === 0);
    if (isDue) latest = performance.now();
    return isDue;
  };
}
