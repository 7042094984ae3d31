import { expect, test } from "vitest";
import { processorTime } from "../../files/fixtures/processor-time.node.ts";
import { readCsv } from "./csv.ts";

const read = (text: string, label?: string, range?: readonly [number, number]) =>
  readCsv(new TextEncoder().encode(text), "a.csv", "a.csv", { label, range });
const rows = (text: string, label?: string) => {
  const { images, labels, classes, count, dimension } = read(text, label);
  return { pixels: [...images], labels: [...labels].map((each) => classes[each]), classes, count, dimension };
};

test.each<[why: string, text: string, label?: string]>([
  ["label first, no header", "7,1,2\n12,3,4\n", "1"],
  ["a header", "label,a,b\n7,1,2\n12,3,4"],
  ["a header whose other names are numbers", "label,0,1\n7,1,2\n12,3,4"],
  ["label last, by a name in capitals", "a,b,Class\n1,2,7\n3,4,12\n"],
  ["CRLF, a byte-order mark, spaces and quotes", '\ufeff"label", a ,b\r\n"7", 1,"2"\r\n12,3 ,4\r\n\r\n'],
  ["another name", "a,digit,b\n1,7,2\n3,12,4\n", "digit"],
  ["a number, without a header", "1,7,2\n3,12,4\n", "2"],
])("%s", (_why, text, label) => {
  expect(rows(text, label)).toEqual({
    pixels: [1, 2, 3, 4],
    labels: ["7", "12"],
    classes: ["7", "12"],
    count: 2,
    dimension: 2,
  });
});

test.each<[why: string, text: string, count: number]>([
  ["a first row labelled y", "y,12,3,4\nn,0,9,1\n", 2],
  ["a first row labelled y, pixels that count", "y,0\nn,1\ny,1\n", 3],
  ["a first row labelled class, pixels not from 0", "class,5,6\nother,0,0\n", 2],
  ["a first row whose text is in the middle", "12,target,3\n0,x,9\n", 2],
])("%s is a row, not a header", (_why, text, count) => {
  expect(read(text, text.startsWith("12") ? "2" : undefined).count).toBe(count);
});

test("names of columns are a header: what counts its columns, and what the key label names", () => {
  for (const header of ["y,0,1,2", "label,1,2,3", "0,1,2,class"]) {
    const row = header.endsWith("class") ? "1,2,3,y" : "y,1,2,3";
    expect(rows(`${header}\n${row}\n${row}\n`)).toMatchObject({ count: 2, classes: ["y"] });
  }
  expect(rows("y,7\nn,9\n", "y")).toMatchObject({ count: 1, classes: ["n"] });
});

test("numbers as classes are sorted by size, texts by name", () => {
  expect(read("10,0\n9,0\n-1,0\n10,1", "1").classes).toEqual(["-1", "9", "10"]);
  expect(read('ship,0\n"big ""dog""",0\nGr\u00fcn,0\na\n'.replace("\na\n", "\n")).classes).toEqual([
    "Gr\u00fcn",
    'big "dog"',
    "ship",
  ]);
  expect(read("cat,0\n10,0\n9,1").classes).toEqual(["10", "9", "cat"]);
});

test.each<[text: string, complaint: RegExp]>([
  ["label,a\n1,256", /^a.csv: byte 10: expected a whole number from 0 to 255, found "256" in row 2, column 2$/],
  ["label,a\n1,0.5", /found "0.5" in row 2/],
  ["label,a\n1,-3", /found "-3"/],
  ["label,a\n1,\n", /found "" in row 2/],
  ["a,2,3\n1,2\n", /byte 8: expected 3 columns, found 2 in row 2/],
  ["a,2\n1,2,3\n", /expected 2 columns, found more in row 2/],
  ["a,2\n\n1,2\n", /expected 2 columns, found 1 in row 2/],
  ["a,2\n,2\n", /byte 4: expected a label, found an empty field/],
  ["text", /expected a row of a label and pixels, found 1 column/],
  ["label,a\n", /expected a row of a label and pixels, found none/],
  ['"1,2', /expected a closing quote, found the file's end/],
  ['"1"x,2', /expected a separator or the row's end, found "x"/],
  ["label,class\n1,2", /expected one column of labels, found "label", "class"/],
  ["label,y\n1,2", /expected one column of labels, found "label", "y"/],
  ["\xff\xfe,1\n".normalize(), /^$/],
  [Array.from({ length: 257 }, (_, row) => `a${row},0`).join("\n"), /at most 256 different labels/],
])("%j", (text, complaint) => {
  if (complaint.source === "^$") expect(read(text).classes).toEqual(["\xff\xfe"]);
  else expect(() => read(text)).toThrow(complaint);
});

test("a column that is not there, and bytes that are no text", () => {
  expect(() => read("label,a\n1,2", "digit")).toThrow(/expected a column "digit", found "label", "a"/);
  expect(() => read("1,2\n", "9")).toThrow(/found 2 columns without names/);
  expect(() => readCsv(Uint8Array.of(0xff, 0xfe, 44, 49), "a", "a.csv")).toThrow(/byte 0: expected text in UTF-8/);
});

test("a long first row does not make room for what cannot be there", () => {
  const text = `a${",0".repeat(500_000)}\n${"\n".repeat(100_000)}1`;
  const start = processorTime();
  expect(() => read(text)).toThrow(/expected 500001 columns/);
  expect(processorTime() - start).toBeLessThan(1000);
});

test("MNIST as Kaggle has it", () => {
  const row = `5${",0".repeat(392)}${",173".repeat(392)}\n`;
  const bytes = new TextEncoder().encode(`label${",pixel".repeat(784)}\n${row.repeat(400)}`);
  expect(readCsv(bytes, "train.csv", "train.csv")).toMatchObject({ count: 400, dimension: 784, shape: [1, 28, 28] });
});
