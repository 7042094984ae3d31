/** Milliseconds between two pictures. */
const least = 100;
const most = 500;

/** The part of the page's thread that pictures may take, unless they were too few: two processors are to train with both. */
const share = 1 / 8;

/** When a training's next picture is due: the dearer they are here, the fewer. */
export interface Pace {
  isDue(): boolean;
  /** Changes what is shown, and sees what that costs. */
  draw(change: () => void): void;
}

/** What a page's thread says of its time. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Calls back when the thread has done what it was about to do. */
  afterTask(then: () => void): void;
  /** Calls back before the next picture; of a page that nobody looks at there is none, and what is not drawn costs nothing. */
  beforeFrame(then: () => void): void;
}

export function createPace({ now, afterTask, beforeFrame }: Clock): Pace {
  let [drawnAt, cost] = [Number.NEGATIVE_INFINITY, 0];
  return {
    isDue: () => now() - drawnAt >= Math.min(most, Math.max(least, cost / share)),
    draw(change) {
      const began = now();
      drawnAt = began;
      change();
      afterTask(() => {
        const components = now() - began;
        cost = components;
        beforeFrame(() => {
          const frame = now();
          afterTask(() => {
            cost = components + now() - frame;
          });
        });
      });
    },
  };
}
