import { expect, test } from "vitest";
import { createPace } from "../web/try/pace.ts";

/** A page whose components take so many milliseconds, and whose frames do. */
function page(components: number, frame: number) {
  let time = 0;
  const waiting: (() => void)[] = [];
  const frames: (() => void)[] = [];
  const pace = createPace({
    now: () => time,
    afterTask: (then) => void waiting.push(then),
    beforeFrame: (then) => void frames.push(then),
  });
  return {
    pace,
    expectDueAfter(milliseconds: number) {
      time += milliseconds - 1;
      expect(pace.isDue()).toBe(false);
      time += 1;
      expect(pace.isDue()).toBe(true);
    },
    /** What was changed comes to the screen. */
    show() {
      time += components;
      waiting.shift()?.();
      time += 7; // it waits for the frame
      frames.shift()?.();
      time += frame;
      waiting.shift()?.();
    },
  };
}

test("the first picture is due at once, the next a tenth of a second later where they are cheap", () => {
  const { pace, show, expectDueAfter } = page(1, 1);
  expect(pace.isDue()).toBe(true);
  pace.draw(() => {});
  show();
  expect(pace.isDue()).toBe(false);
  expectDueAfter(91);
});

test("pictures take an eighth of the thread at most, waiting for a frame not counted", () => {
  const { pace, show, expectDueAfter } = page(30, 20);
  pace.draw(() => {});
  show(); // 57 ms, of which it worked 50
  expectDueAfter(400 - 57);
});

test("however dear they are, there are two a second", () => {
  const { pace, show, expectDueAfter } = page(200, 100);
  pace.draw(() => {});
  show();
  expectDueAfter(500 - 307);
});
