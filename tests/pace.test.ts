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
    pass(milliseconds: number) {
      time += milliseconds;
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
  const { pace, pass, show } = page(1, 1);
  expect(pace.isDue()).toBe(true);
  pace.draw(() => {});
  show();
  expect(pace.isDue()).toBe(false);
  pass(90);
  expect(pace.isDue()).toBe(false);
  pass(1);
  expect(pace.isDue()).toBe(true);
});

test("pictures take an eighth of the thread at most, waiting for a frame not counted", () => {
  const { pace, pass, show } = page(30, 20);
  pace.draw(() => {});
  show(); // 57 ms, of which it worked 50
  pass(400 - 57 - 1);
  expect(pace.isDue()).toBe(false);
  pass(1);
  expect(pace.isDue()).toBe(true);
});

test("however dear they are, there are two a second", () => {
  const { pace, pass, show } = page(200, 100);
  pace.draw(() => {});
  show();
  pass(500 - 307 - 1);
  expect(pace.isDue()).toBe(false);
  pass(1);
  expect(pace.isDue()).toBe(true);
});
