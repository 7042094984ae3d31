import { expect, test, vi } from "vitest";
import { makeWish, watchWishes } from "./wishes.ts";

test("whenever a stop comes, the training sees it with a checkpoint behind it", () => {
  // A training looks before a step and after it, decides on a checkpoint, and looks again.
  const before = new Int32Array(2);
  const first = watchWishes(before, {});
  expect([first.wantsCheckpoint(0, false), first.signal.aborted, first.signal.aborted]).toEqual([true, false, false]);
  makeWish(before, "stop");
  expect([first.wantsCheckpoint(1, false), first.signal.aborted]).toEqual([true, true]);

  const after = new Int32Array(2);
  const second = watchWishes(after, {});
  second.wantsCheckpoint(0, false);
  makeWish(after, "stop");
  // The checkpoint was decided on without it: one more step.
  expect([second.signal.aborted, second.signal.aborted, second.wantsCheckpoint(1, true)]).toEqual([false, true, true]);
});

test("a checkpoint that is wished for is taken once, with or without a rhythm", () => {
  for (const rhythm of [undefined, { steps: 100 }]) {
    const wishes = new Int32Array(2);
    const { wantsCheckpoint } = watchWishes(wishes, rhythm);
    wantsCheckpoint(0, false);
    makeWish(wishes, "checkpoint");
    expect([1, 2].map((step) => wantsCheckpoint(step, false))).toEqual([true, false]);
  }
});

test("a rhythm in updates, in seconds, or in whichever comes first, from the last checkpoint on", () => {
  let seconds = 0;
  vi.spyOn(performance, "now").mockImplementation(() => seconds * 1000);
  const taken = (rhythm: { readonly steps?: number; readonly seconds?: number }) => {
    seconds = 0;
    const { wantsCheckpoint } = watchWishes(new Int32Array(2), rhythm);
    return Array.from({ length: 30 }, (_, step) => {
      const isTaken = wantsCheckpoint(step, step === 29);
      seconds += 1.5;
      return isTaken;
    }).flatMap((isTaken, step) => (isTaken ? [step] : []));
  };
  expect(taken({})).toEqual([0, 29]);
  expect(taken({ steps: 12 })).toEqual([0, 12, 24, 29]);
  expect(taken({ seconds: 10 })).toEqual([0, 7, 14, 21, 28, 29]);
  expect(taken({ steps: 12, seconds: 10 })).toEqual([0, 7, 12, 19, 24, 29]);
  vi.restoreAllMocks();
});
