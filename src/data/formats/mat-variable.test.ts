import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { nodeUnpacker } from "../../files/inflate.node.ts";
import { datasetOf } from "./array-dataset.ts";
import { readMat } from "./mat.ts";

// MAT-files put together by the element, as MATLAB R2016b and later write objects (class 17, "opaque"): flags, a name, the type
// system, the class, and a reference into a nameless variable at the file's end.

const orders = ["IM", "MI"] as const;
type Order = (typeof orders)[number];

function writer(order: Order) {
  const word = (value: number) => {
    const bytes = Buffer.alloc(4);
    if (order === "IM") bytes.writeInt32LE(value);
    else bytes.writeInt32BE(value);
    return bytes;
  };
  const element = (type: number, content: Uint8Array) => {
    const padding = Buffer.alloc((8 - (content.length % 8)) % 8);
    return Buffer.concat([word(type), word(content.length), content, padding]);
  };
  const flags = (kind: number) => element(6, Buffer.concat([word(kind), word(0)]));
  const text = (value: string) => element(1, Buffer.from(value, "latin1"));
  const variable = (kind: number, name: string, shape: number[], ...rest: Uint8Array[]) =>
    element(14, Buffer.concat([flags(kind), element(5, Buffer.concat(shape.map(word))), text(name), ...rest]));
  const numbers = (name: string, shape: number[], values: number[]) =>
    variable(9, name, shape, element(2, Uint8Array.from(values)));
  const object = (name: string, className: string) =>
    element(
      14,
      Buffer.concat([flags(17), text(name), text("MCOS"), text(className), numbers("", [1, 6], [1, 2, 3, 4, 5, 6])]),
    );
  const characters = (name: string, value: string) =>
    variable(4, name, [1, value.length], element(16, Buffer.from(value)));
  const packed = (content: Uint8Array) => {
    const data = deflateSync(content);
    return Buffer.concat([word(15), word(data.length), data]);
  };
  const file = (...elements: Uint8Array[]) => {
    const header = Buffer.alloc(128, " ");
    header.write("MATLAB 5.0 MAT-file");
    if (order === "IM") header.writeUInt16LE(0x100, 124);
    else header.writeUInt16BE(0x100, 124);
    header.write(order, 126);
    return new Uint8Array(Buffer.concat([header, ...elements]));
  };
  return { word, element, variable, numbers, object, characters, packed, file, text };
}

test.each(orders.flatMap((order) => [0, 1, 2].map((position) => [order, position] as const)))(
  "%s: objects at place %i are named, and the images beside them read, packed or not",
  (order, position) => {
    const { numbers, object, variable, packed, file, text } = writer(order);
    const good = [numbers("data", [2, 3], [1, 4, 2, 5, 3, 6]), numbers("labels", [2, 1], [7, 8])];
    const handle = variable(16, "f", [1, 1], numbers("", [1, 1], [1]));
    const workspace = numbers("", [1, 9], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const wrap of [(content: Uint8Array) => content, packed]) {
      const elements = [...good, object("when", "datetime"), handle, workspace, workspace];
      const turned = [...elements.slice(2 * position), ...elements.slice(0, 2 * position)];
      const arrays = readMat(file(...turned.map(wrap)), "a.mat", nodeUnpacker);
      expect(arrays.get("when")).toBe("a MATLAB object");
      expect(arrays.get("f")).toBe("a function handle");
      expect(arrays.has("")).toBe(false);
      const { images, classes } = datasetOf(arrays, "a", "a.mat", {});
      expect([[...images], classes]).toEqual([
        [1, 2, 3, 4, 5, 6],
        ["7", "8"],
      ]);
    }
    expect(text("x").length).toBe(16);
  },
);

test("structs are looked into, and cells of texts are labels", () => {
  const { word, element, variable, numbers, characters, file } = writer("IM");
  const struct = (name: string, fields: readonly string[], ...values: Uint8Array[]) =>
    variable(
      2,
      name,
      [1, 1],
      element(5, word(8)),
      element(1, Buffer.from(fields.map((field) => field.padEnd(8, "\0")).join(""))),
      ...values,
    );
  const cells = variable(1, "", [2, 1], characters("", "cat"), characters("", "dog"));
  const inner = struct("", ["data", "labels"], numbers("", [2, 3], [1, 4, 2, 5, 3, 6]), cells);
  const arrays = readMat(
    file(struct("imdb", ["images", "note"], inner, characters("", "hello"))),
    "a.mat",
    nodeUnpacker,
  );
  expect([...arrays.keys()]).toEqual(["imdb.images.data", "imdb.images.labels", "imdb.note"]);
  expect(arrays.get("imdb.note")).toMatchObject({ texts: ["hello"] });
  const dataset = datasetOf(arrays, "a", "a.mat", {});
  expect(dataset).toMatchObject({ classes: ["cat", "dog"], count: 2, dimension: 3 });
  const mixed = file(variable(1, "c", [2, 1], characters("", "cat"), numbers("", [1, 1], [1])));
  expect(readMat(mixed, "a.mat", nodeUnpacker).get("c")).toBe("a cell array");
  const broken = file(variable(2, "s", [1, 1], element(5, word(0)), element(1, Buffer.alloc(8))));
  expect(() => readMat(broken, "a.mat", nodeUnpacker)).toThrow(/expected the names of a struct's fields/);
  expect(() => readMat(file(struct("s", ["a", "b"], numbers("", [1, 1], [1]))), "a.mat", nodeUnpacker)).toThrow(
    /a tag of 8 bytes/,
  );
});

test("cells of numbers are arrays of their own, as a network's layers are kept; of an empty cell, or of very many, nothing is made", () => {
  const { variable, numbers, characters, file, word, element } = writer("MI");
  const cell = (name: string, ...values: Uint8Array[]) => variable(1, name, [1, values.length], ...values);
  const layers = cell("W", numbers("", [2, 3], [1, 4, 2, 5, 3, 6]), numbers("", [1, 2], [7, 8]));
  const names = element(1, Buffer.from("b\0\0\0\0\0\0\0"));
  const grads = variable(2, "grads", [1, 1], element(5, word(8)), names, cell("", numbers("", [1, 1], [9])));
  const many = cell("images", ...Array.from({ length: 65 }, () => numbers("", [1, 1], [1])));
  const hollow = cell("hollow", numbers("", [1, 1], [1]), element(14, Buffer.alloc(0)));
  const arrays = readMat(file(layers, grads, many, hollow, characters("t", "x")), "a.mat", nodeUnpacker);
  expect([...arrays.keys()]).toEqual(["W{1}", "W{2}", "grads.b{1}", "images", "hollow", "t"]);
  expect(arrays.get("W{1}")).toMatchObject({ shape: [2, 3] });
  expect([arrays.get("images"), arrays.get("hollow")]).toEqual(["a cell array", "a cell array"]);
});

test("a matrix of characters has a text a row", () => {
  const { variable, element, file } = writer("MI");
  const columns = Buffer.alloc(12);
  for (const [index, letter] of [..."cdaotg"].entries()) columns.writeUInt16BE(letter.charCodeAt(0), 2 * index);
  const arrays = readMat(file(variable(4, "t", [2, 3], element(4, columns))), "a.mat", nodeUnpacker);
  expect(arrays.get("t")).toMatchObject({ texts: ["cat", "dog"], shape: [2] });
});
