import { describe, expect, test } from "vitest";
import { readCsv } from "./csv.ts";
import type { ReadingOptions } from "./reading-options.ts";

const read = (text: string, options: ReadingOptions = {}) =>
  readCsv(new TextEncoder().encode(text), "a.csv", "a.csv", options);

describe("the label's column is known or asked for, never guessed", () => {
  test.each<[why: string, text: string, first: string, last: string]>([
    ["label last, no header", "0,1,7\n2,3,8\n", "--label 1", "--label 3"],
    ["no label at all", "0,1,2,3\n4,5,6,7\n", "--label 1", "--label 4"],
    ["a header without a label's name", "a,b,digit\n1,2,3\n", "--label a", "--label digit"],
    ["an index first, and no label's name", ",a,digit\n0,1,2\n", "--label a", "--label digit"],
  ])("%s is refused with both candidates", (_why, text, first, last) => {
    const remedy = expect.stringContaining(`${first} or ${last}`);
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "data", remedy }));
    expect(read(text, { label: last.slice(8) }).reading?.[0]).toMatch(/as you say$/);
  });

  test.each<[why: string, text: string, reading: string[]]>([
    ["by its name", "a,Class\n1,2\n", ['labels: column 2 "Class", by its name']],
    ["by its name, beside coordinates", "x,y,label\n1,2,7\n", ['labels: column 3 "label", by its name']],
    ["y, where nothing else is the label", "x,y\n1,2\n", ['labels: column 2 "y", by its name']],
    ["by its texts", "1,2,cat\n3,4,dog\n", ["labels: column 3, the only one of texts"]],
    ["by its texts under a header", "w,species\n1,cat\n", ['labels: column 2 "species", the only one of texts']],
  ])("%s", (_why, text, reading) => {
    expect(read(text).reading?.slice(0, -1)).toEqual(reading);
  });

  test.each(["", "id", "Index", "Unnamed: 0"])("a first column %j that numbers the rows is left out", (name) => {
    const dataset = read(`${name},label,a,b\n0,7,1,2\n1,8,3,4\n`);
    expect([...dataset.images]).toEqual([1, 2, 3, 4]);
    expect(dataset.reading?.[1]).toBe(`left out: column 1 "${name}", which numbers the rows`);
    if (name !== "") expect(read(`${name},a\n0,1\n1,2\n`, { label: name }).dimension).toBe(1);
  });
});

describe("columns are separated by what separates them", () => {
  test.each([
    ["tabs", "label\ta\tb\n7\t1\t2\n8\t3\t4\n"],
    ["semicolons", "label;a;b\r\n7;1;2\r\n8;3;4"],
    ["blanks", "label a  b\n 7 1   2 \n8 3 4\n"],
    ["commas", '"label","a;x","b"\n7,1,2\n8,3,4\n'],
  ])("%s", (name, text) => {
    const dataset = read(text);
    expect([[...dataset.images], dataset.classes]).toEqual([
      [1, 2, 3, 4],
      ["7", "8"],
    ]);
    expect(dataset.reading?.at(-1)).toBe(`columns separated by ${name}`);
  });

  test("as numpy.savetxt writes them: blanks, and whole numbers as floats", () => {
    const row = (...values: number[]) =>
      values.map((value) => value.toExponential(18).replace(/e\+(\d)$/, "e+0$1")).join(" ");
    const dataset = read(`${row(12, 255, 0)}\n${row(7, 1, 20)}\n`, { label: "1" });
    expect([[...dataset.images], dataset.classes]).toEqual([
      [255, 0, 1, 20],
      ["7", "12"],
    ]);
    expect([...read("label,a\n12.0,3.0\n5,.2e2\n").images]).toEqual([3, 20]);
  });
});

test("numbers in a range become bytes, and what lies outside is refused", () => {
  const iris = "5.1,3.5,setosa\n0,8,virginica\n";
  expect([...read(iris, { range: [0, 8] }).images]).toEqual([163, 112, 0, 255]);
  expect(() => read(iris, { range: [0, 7] })).toThrow(/expected a number from 0 to 7, found "8" in row 2, column 2/);
  expect(() => read(iris)).toThrow(expect.objectContaining({ remedy: expect.stringContaining("--range 0,1") }));
});
