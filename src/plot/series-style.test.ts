import { expect, test } from "vitest";
import { seriesStyle, seriesStyles } from "./series-style.ts";

const [light, dark] = seriesStyle.split("@media");

test.each(seriesStyles)("%s has a contrast of at least 3 on its paper, light and dark", (name) => {
  const stroke = (rules: string) => new RegExp(`\\.${name}\\{stroke:(#\\w{6})`).exec(rules)?.[1] ?? "";
  expect(contrast(stroke(light), "#ffffff")).toBeGreaterThan(3);
  expect(contrast(stroke(dark), "#14171a")).toBeGreaterThan(3);
});

/** WCAG 2.2: (L1 + 0.05) / (L2 + 0.05), L the relative luminance. */
function contrast(a: string, b: string): number {
  const [less, more] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (more + 0.05) / (less + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
