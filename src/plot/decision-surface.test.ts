import { decode } from "fast-png";
import { expect, test } from "vitest";
import { decisionSurface } from "./decision-surface.ts";

const classes = ["left", "<b>right"];
// A grid of 2 x 2 places: the left half is certain of one class, the right half of the other.
const probabilities = [1, 0, 0, 1, 1, 0, 0, 1];
const points = { bytes: Uint8Array.of(10, 10, 200, 250, 20, 240), labels: Uint8Array.of(0, 1, 1) };
const figure = { id: "plane", title: "plane", classes, side: 2, probabilities, points };

test("areas have the colours of their classes, examples lie on them, and the description counts those that fit", () => {
  const svg = decisionSurface(figure);
  expect(svg).toContain("Of 3 examples of 2 classes, 2 lie where");
  expect(svg).toContain("&lt;b&gt;right");
  const png = Uint8Array.from(atob(/base64,([^"]+)/.exec(svg)?.[1] ?? ""), (letter) => letter.charCodeAt(0));
  const { data, width } = decode(png);
  expect(width).toBe(2);
  // Blue and vermillion, through which half of the paper is seen.
  expect([...data.subarray(0, 8)]).toEqual([0, 114, 178, 128, 213, 94, 0, 128]);
  expect([...data.subarray(8)]).toEqual([...data.subarray(0, 8)]);
  expect(svg.match(/class="mark series-1"/g)).toHaveLength(2); // an example and the legend
  expect(svg.match(/class="mark series-2"/g)).toHaveLength(3);
});

test("before a network is asked only the examples are there; numbers that are none leave no coordinate", () => {
  const svg = decisionSurface({ ...figure, probabilities: undefined });
  expect(svg).not.toContain("<image");
  expect(svg).toContain("no network has been asked yet");
  expect(() => decisionSurface({ ...figure, probabilities: probabilities.map(() => Number.NaN) })).not.toThrow();
});
