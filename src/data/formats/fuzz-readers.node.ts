import { readFileSync } from "node:fs";
import { crc32, deflateRawSync, deflateSync, gunzipSync } from "node:zlib";
import { encode as encodeJpeg } from "jpeg-js";
import { nodeUnpacker } from "../../files/inflate.node.ts";
import { readJpeg } from "../../files/jpeg.node.ts";
import { readNpy } from "../../files/npy.ts";
import { readNpz } from "../../files/npz.ts";
import type { NamedArrays, NumberArray } from "../../files/number-array.ts";
import type { Picture } from "../../files/picture.ts";
import { readPng } from "../../files/png.ts";
import type { Dataset } from "../dataset.ts";
import { datasetOf } from "./array-dataset.ts";
import { readCifarBin } from "./cifar-bin.ts";
import { readCsv } from "./csv.ts";
import { type Dice, type FuzzedReader, lyingLength } from "./fuzz.node.ts";
import { readIdx } from "./idx.ts";
import { labelsInTable } from "./labelled-pictures.ts";
import { readMat } from "./mat.ts";
import { openFile } from "./open-file.ts";
import { readPickle } from "./pickle.ts";

/** Every reader of bytes, with files that are mutated and grammars that lie where a mutation would only break a checksum. */
export function fuzzedReaders(): FuzzedReader[] {
  const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
  const unpacked = (name: string) => new Uint8Array(gunzipSync(fixture(name)));
  // Pickles without their 24 KB of pixels: what is tried is the instructions.
  const pickles = [...fixtureNames("pkl.gz", fixture)].map((name) => unpacked(name));
  const small = pickles.map((bytes) => (bytes.length > 4000 ? shortened(bytes) : bytes));
  const mats = ["packed.mat", "double.mat", "small-unpacked.mat", "level4.mat"].map(fixture);
  const zips = ["packed.npz", "keras.npz", "float.npz", "objects.npz"].map(fixture);
  const idx = [unpacked("small-images-idx3-ubyte.gz"), unpacked("small-labels-idx1-ubyte.gz")];
  const csv = [fixture("small.csv"), encode('label,a,b\r\ncat,1,2\r\n"big ""dog""",3,4\r\n'), encode("1,2,3\n0,4,5\n")];
  const png = [pngOf(2, 8, [2, 2], new Uint8Array(14)), pngOf(0, 8, [3, 2], new Uint8Array(8))];
  const arrays = (read: (bytes: Uint8Array, place: string) => NamedArrays) => (bytes: Uint8Array, place: string) =>
    datasetOf(read(bytes, place), "fuzzed", place, {});
  return [
    {
      name: "cifar-bin",
      corpus: [unpacked("cifar10.bin.gz").slice(0, 6146)],
      build: cifar,
      read: (bytes, place) => readCifarBin(bytes, "fuzzed", place),
    },
    { name: "pickle", corpus: [...small, ...pickles], build: pickle, read: arrays(readPickle) },
    { name: "mat", corpus: mats, build: mat, read: arrays((bytes, place) => readMat(bytes, place, nodeUnpacker)) },
    { name: "idx", corpus: idx, build: idxOf, read: arrays((bytes, place) => labelled(readIdx(bytes, place))) },
    {
      name: "npy",
      corpus: [fixture("alone.npy")],
      build: (dice) => npy(dice),
      read: arrays((bytes, place) => labelled(readNpy(bytes, place))),
    },
    { name: "npz", corpus: zips, build: npz, read: arrays((bytes, place) => readNpz(bytes, place, nodeUnpacker)) },
    { name: "csv", corpus: csv, build: csvOf, read: (bytes, place) => readCsv(bytes, "fuzzed", place) },
    { name: "png", corpus: png, build: pngAny, read: pictured((bytes, place) => readPng(bytes, place, nodeUnpacker)) },
    {
      name: "png16",
      corpus: [pngOf(2, 16, [2, 2], new Uint8Array(26)), pngOf(0, 16, [3, 2], new Uint8Array(14))],
      build: pngAny,
      read: pictured((bytes, place) => readPng(bytes, place, nodeUnpacker, { range: [0, 65535] })),
    },
    { name: "labels-table", corpus: labelTables(), build: labelTable, read: tabled },
    { name: "jpeg", corpus: jpegs(), read: pictured((bytes, place) => readJpeg(bytes, place, false)) },
    {
      name: "any",
      corpus: [
        ...small,
        ...mats,
        ...zips,
        ...idx,
        ...csv,
        ...png,
        fixture("protocol2.pkl.gz"),
        fixture("small-images-idx3-ubyte.gz"),
      ],
      read: (bytes, place) => anyOf(bytes, place),
    },
  ];
}

function fixtureNames(ending: string, fixture: (name: string) => Uint8Array): string[] {
  const names = ["0", "1", "2", "3", "4", "5"].map((protocol) => `protocol${protocol}.${ending}`);
  return [...names, `python2.${ending}`, `fortran.${ending}`].filter((name) => fixture(name).length > 0);
}

/** The head and the tail of a pickle: it cannot be read any more, but most of its instructions are there. */
function shortened(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, 400), ...bytes.subarray(-300)]);
}

/** The array as the images of as many labels as it has entries. */
function labelled(images: NumberArray): NamedArrays {
  const count = images.shape[0] ?? 0;
  const bytes = new Uint8Array(Math.min(count, images.bytes.length));
  const labels = {
    type: "u1",
    shape: [bytes.length],
    isColumnMajor: false,
    isLittleEndian: true,
    bytes,
    at: 0,
  } as const;
  return new Map([["images", images] as const, ["labels", labels] as const]);
}

const pictured =
  (read: (bytes: Uint8Array, place: string) => Picture) =>
  (bytes: Uint8Array, place: string): Dataset => {
    const { planes, channels, width, height } = read(bytes, place);
    const shape = [channels, height, width] as const;
    return {
      name: "fuzzed",
      images: planes,
      labels: new Uint8Array(1),
      count: 1,
      dimension: planes.length,
      classes: ["a"],
      shape,
    };
  };

const pictureNames = ["a.png", "b.png", "7.jpg"];

/** The labels of a table as those of images of one byte. */
function tabled(bytes: Uint8Array, place: string): Dataset {
  const { classes, files } = labelsInTable(bytes, place, pictureNames);
  const labels = Uint8Array.from(files, ([label]) => label);
  return { name: "fuzzed", images: new Uint8Array(files.length), labels, count: files.length, dimension: 1, classes };
}

function labelTables(): Uint8Array[] {
  return [encode("id,breed\na,dog\nb,cat\n7,dog\n"), encode("file;x;label\r\na.png;;1\r\nb.png;;2\r\n7.jpg;;1\r\n")];
}

/** Rows in any order, each picture mostly once, with what people write beside them. */
function labelTable(dice: Dice): Uint8Array {
  const separator = dice.pick([",", ",", ";", "\t"]);
  const label = () => dice.pick(["cat", "dog", "0", "1", "-3", "", '"a ""b"""', "\u00e9", "9999999999"]);
  const names = dice.roll(4) === 0 ? [...pictureNames, dice.pick(["c.png", "a", ""])] : pictureNames;
  const rows = names.map((name) => [dice.roll(3) === 0 ? name.replace(/\..*/, "") : name, label()].join(separator));
  const header = dice.pick(["id,label", "file,class", "a,b", "x"]).replace(",", separator);
  return encode([...(dice.roll(2) === 0 ? [header] : []), ...rows].join(dice.pick(["\n", "\r\n"])));
}

/** In colour and turned, as a camera writes them; cut off after a quarter, where the pixels are. */
function jpegs(): Uint8Array[] {
  const data = Buffer.from(Array.from({ length: 4 * 24 * 16 }, (_, at) => (at * 37) % 256));
  const bytes = new Uint8Array(encodeJpeg({ data, width: 24, height: 16 }, 80).data);
  const exif = joined(
    encode("Exif\0\0MM\0*"),
    Uint8Array.of(0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0),
  );
  const segment = joined(Uint8Array.of(0xff, 0xe1), number(exif.length + 2, 2, false), exif);
  return [bytes, joined(bytes.subarray(0, 2), segment, bytes.subarray(2))];
}

function anyOf(bytes: Uint8Array, place: string): Dataset {
  const name = ["a.bin", "a.pkl", "a.mat", "a.csv", "a.npz", "a.data", "a"][bytes.length % 7];
  const contents = openFile(bytes, name, place, nodeUnpacker);
  if ("dataset" in contents) return contents.dataset();
  return datasetOf(contents.arrays, "fuzzed", place, {});
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function number(value: number, size: 1 | 2 | 4 | 8, isLittleEndian: boolean): Uint8Array {
  const digits = Array.from({ length: size }, (_, digit) => Math.floor(value / 256 ** digit) % 256);
  return Uint8Array.from(isLittleEndian ? digits : digits.reverse());
}

/** Mostly `value`, sometimes a lie. */
function perhaps(value: number, dice: Dice): number {
  return dice.roll(6) === 0 ? lyingLength(dice, value) : value;
}

function cifar(dice: Dice): Uint8Array {
  const bytes = new Uint8Array(dice.pick([3073, 3074, 6146, 6148, 3072, 1, 0]) + dice.pick([0, 0, 0, 1]));
  for (let at = 0; at < bytes.length; at += dice.pick([3073, 3074, 100])) bytes[at] = dice.roll(256);
  return bytes;
}

function shapeOf(dice: Dice): number[] {
  return Array.from({ length: dice.roll(6) }, () => dice.pick([1, 2, 3, 4, 0, dice.roll(300), lyingLength(dice, 2)]));
}

function elements(shape: readonly number[], size: number, dice: Dice): Uint8Array {
  const right = shape.reduce((product, length) => product * length, size);
  const length = right <= 4096 ? right : dice.roll(200);
  const bytes = new Uint8Array(Math.max(0, length + dice.pick([0, 0, 0, 0, 1, -1])));
  if (dice.roll(2) === 0) bytes.fill(dice.roll(256));
  return bytes;
}

function idxOf(dice: Dice): Uint8Array {
  const shape = shapeOf(dice);
  const type = dice.pick([8, 8, 8, 9, 11, 12, 13, 14, dice.roll(256)]);
  const header = Uint8Array.of(0, 0, type, perhaps(shape.length, dice) % 256);
  const size = [1, 1, 0, 2, 4, 4, 8][type - 8] ?? 1;
  return joined(header, ...shape.map((length) => number(length, 4, false)), elements(shape, size, dice));
}

function npy(dice: Dice, shape = shapeOf(dice)): Uint8Array {
  const descr = dice.pick([
    "|u1",
    "|u1",
    "<i8",
    ">i4",
    "<f8",
    "<f4",
    "<f2",
    "|b1",
    "<u8",
    "|O",
    "<U5",
    "<V8",
    "u1",
    "<f16",
    "",
    "constructor",
  ]);
  const order = dice.pick(["True", "False", "False", "maybe"]);
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape.join(", ")}${dice.pick([",", "", "L", "-"])}), }\n`;
  const version = dice.pick([1, 1, 2, 3, dice.roll(256)]);
  const length = number(perhaps(text.length, dice), version === 1 ? 2 : 4, true);
  const size = Number(descr.match(/\d+$/)?.[0] ?? 1);
  const start = joined(Uint8Array.of(0x93), encode("NUMPY"), Uint8Array.of(version, 0));
  return joined(start, length, encode(text), elements(shape, size, dice));
}

/** A zip archive with right checksums around .npy files that lie, or wrong lengths around right ones. */
function npz(dice: Dice): Uint8Array {
  const names = dice.pick([
    ["x", "y"],
    ["x_train", "y_train"],
    ["images", "labels"],
    ["x"],
    ["x", "x"],
    ["__proto__", "y"],
  ]);
  const locals: Uint8Array[] = [];
  const entries: Uint8Array[] = [];
  let at = 0;
  const isRight = dice.roll(2) === 0;
  for (const name of names) {
    const content = isRight
      ? npy(
          dice,
          /^[yl]/.test(name)
            ? [2]
            : dice.pick([
                [2, 3],
                [2, 2, 2],
                [2, 3, 2, 2],
                [2, 2, 2, 1],
              ]),
        )
      : npy(dice);
    const method = dice.pick([0, 8, 8, dice.roll(100)]);
    const packed = method === 8 ? new Uint8Array(deflateRawSync(content)) : content;
    const title = encode(name + dice.pick([".npy", ".npy", ".npy", ".txt"]));
    const fields = joined(
      number(20, 2, true),
      number(dice.pick([0, 0, 0, 1]), 2, true),
      number(method, 2, true),
      number(0, 4, true), // biome-ignore format: fields
      number(crc32(content), 4, true),
      number(perhaps(packed.length, dice), 4, true),
      number(perhaps(content.length, dice), 4, true), // biome-ignore format: fields
      number(perhaps(title.length, dice), 2, true),
      number(perhaps(0, dice), 2, true), // biome-ignore format: fields
    );
    const local = joined(encode("PK\x03\x04"), fields, title, packed);
    const rest = joined(number(0, 8, true), number(0, 2, true), number(perhaps(at, dice), 4, true));
    entries.push(joined(encode("PK\x01\x02"), number(20, 2, true), fields, rest, title));
    locals.push(local);
    at += local.length;
  }
  const directory = joined(...entries);
  const count = number(perhaps(names.length, dice), 2, true);
  const sizes = joined(number(perhaps(directory.length, dice), 4, true), number(perhaps(at, dice), 4, true));
  return joined(
    ...locals,
    directory,
    encode("PK\x05\x06"),
    number(0, 4, true),
    count,
    count,
    sizes,
    number(0, 2, true),
  );
}

/** Matrices with lying tags, in both byte orders, packed with a right checksum or plain. */
function mat(dice: Dice): Uint8Array {
  const isLittleEndian = dice.roll(2) === 0;
  const word = (value: number) => number(value, 4, isLittleEndian);
  const element = (type: number, content: Uint8Array) =>
    joined(
      word(perhaps(type, dice)),
      word(perhaps(content.length, dice)),
      content,
      new Uint8Array((8 - (content.length % 8)) % 8),
    );
  const variables = ["data", "labels"].map((name) => {
    const shape = dice.roll(2) === 0 ? [2, name === "data" ? 3 : 1] : shapeOf(dice);
    const type = dice.pick([2, 2, 9, 7, 1, 3, 5, 12, 13, dice.roll(20)]);
    const size = { 1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8 }[type] ?? 1;
    const flags = joined(word(dice.pick([9, 9, 6, 13, 1, 2, 4, 16, 17, 0x809, dice.roll(300)])), word(0));
    const content = joined(
      element(6, flags),
      element(5, joined(...shape.map(word))),
      element(1, encode(name)),
      element(type, elements(shape, size, dice)),
    );
    const whole = element(14, content);
    if (dice.roll(2) === 0) return whole;
    const packed = new Uint8Array(deflateSync(whole));
    return joined(word(15), word(perhaps(packed.length, dice)), packed);
  });
  const header = new Uint8Array(128).fill(32);
  header.set(encode("MATLAB 5.0 MAT-file"));
  header.set(isLittleEndian ? [0, 1, 0x49, 0x4d] : [1, 0, 0x4d, 0x49], 124);
  return joined(header, ...variables);
}

function csvOf(dice: Dice): Uint8Array {
  const separator = dice.pick([",", ",", ",", ";", "\t", " "]);
  const columns = 1 + dice.roll(5);
  const field = () =>
    dice.pick([
      "0",
      "1",
      "255",
      "7",
      "12",
      "256",
      "-1",
      "1.5",
      "",
      " 3 ",
      '"4"',
      '"a,b"',
      '"',
      "cat",
      "1e3",
      "\xff",
      "label",
      "999999999999999999999",
    ]);
  const row = () => Array.from({ length: columns + dice.pick([0, 0, 0, 0, 0, 0, 0, 1]) }, field).join(separator);
  const plain = () => Array.from({ length: columns }, () => dice.pick(["0", "1", "255", "7.0"])).join(separator);
  const start = dice.pick(["", "\ufeff", "label,a,b,c\n", `label${separator}a${separator}b\n`]);
  const rows = Array.from({ length: dice.roll(8) }, () => (dice.roll(4) === 0 ? row() : plain()));
  return encode(start + rows.join(dice.pick(["\n", "\r\n", "\r", "\n\n"])) + dice.pick(["", "\n", "\r\n"]));
}

/** Of any colour type and depth, interlaced or not, with as many bytes as that takes or nearly so. */
function pngAny(dice: Dice): Uint8Array {
  const type = dice.pick([0, 2, 3, 4, 6, dice.roll(8)]);
  const depth = dice.pick([8, 8, 8, 1, 2, 4, 16]);
  const size: [number, number] = [
    dice.pick([1, 2, 3, 9, lyingLength(dice, 2)]),
    dice.pick([1, 2, 3, 9, lyingLength(dice, 2)]),
  ];
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[type] ?? 1;
  const isInterlaced = dice.roll(3) === 0;
  const grids = isInterlaced ? ["0088", "4088", "0448", "2044", "0224", "1022", "0112"] : ["0011"];
  const isSmall = size[0] < 10 && size[1] < 10;
  const lengths = (isSmall ? grids : []).flatMap((grid) => {
    const [x, y, dx, dy] = [...grid].map(Number);
    const [across, down] = [Math.ceil((size[0] - x) / dx), Math.ceil((size[1] - y) / dy)];
    return across < 1 || down < 1 ? [] : new Array<number>(down).fill(Math.ceil((across * samples * depth) / 8));
  });
  const rows = lengths.map((length) => {
    const row = dice.bytes(length + 1);
    row[0] = dice.roll(8) === 0 ? row[0] : dice.roll(5); // filters that are
    // Colours of the palette, and opaque pixels.
    for (let at = 1; dice.roll(3) > 0 && at < row.length; at++)
      row[at] = samples % 2 === 0 && at % samples === 0 ? 255 : row[at] % 5;
    return row;
  });
  const extra = dice.bytes(dice.pick([0, 0, 0, 0, 1, 5000]));
  return pngOf(type, depth, size, joined(...rows, isSmall ? extra : dice.bytes(20)), dice, isInterlaced);
}

function pngOf(
  type: number,
  depth: number,
  [width, height]: readonly [number, number],
  rows: Uint8Array,
  dice?: Dice,
  isInterlaced = false,
): Uint8Array {
  const chunk = (name: string, content: Uint8Array) => {
    const body = joined(encode(name), content);
    return joined(
      number(dice === undefined ? content.length : perhaps(content.length, dice), 4, false),
      body,
      number(crc32(body), 4, false),
    );
  };
  const header = joined(
    number(width, 4, false),
    number(height, 4, false),
    Uint8Array.of(depth, type, 0, 0, dice?.roll(20) === 0 ? 2 : Number(isInterlaced)),
  );
  const palette = type === 3 ? [chunk("PLTE", new Uint8Array(dice?.pick([6, 15, 0, 7]) ?? 6))] : [];
  const alpha = dice?.roll(6) === 0 ? [chunk("tRNS", dice.bytes(2))] : [];
  const packed = new Uint8Array(deflateSync(rows));
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return joined(
    signature,
    chunk("IHDR", header),
    ...palette,
    ...alpha,
    chunk("IDAT", packed),
    chunk("IEND", new Uint8Array(0)),
  );
}

/** Instructions with arguments of the right kind, in an order that a pickler might choose or not. */
function pickle(dice: Dice): Uint8Array {
  const text = (value: string) => joined(Uint8Array.of(0x8c, value.length), encode(value));
  const name = () =>
    dice.pick([
      "numpy.core.multiarray _reconstruct",
      "numpy ndarray",
      "numpy dtype",
      "_codecs encode",
      "numpy._core.numeric _frombuffer",
      "numpy._core.multiarray scalar",
      "builtins bytearray",
      "os system",
      "builtins eval",
      "copyreg _reconstructor",
    ]);
  const small = () => Uint8Array.of(0x4b, dice.roll(5));
  const key = () => text(dice.pick(["data", "labels", "__proto__", "constructor", "x", "y", "batch_label"]));
  const array = () => {
    const [rows, columns] = [1 + dice.roll(3), 1 + dice.roll(4)];
    const descr = dice.pick(["u1", "u1", "<f8", "i8", "O8", "f4", "V"]);
    const size = Number(descr.at(-1)) || 1;
    const shape = joined(Uint8Array.of(0x4b, perhaps(rows, dice) % 256, 0x4b, columns, 0x86));
    const type = joined(encode("cnumpy\ndtype\n"), text(descr), Uint8Array.of(0x89, 0x88, 0x87, 0x52));
    const content = new Uint8Array(rows * columns * size);
    const bytes = joined(Uint8Array.of(0x43, perhaps(content.length, dice) % 256), content);
    if (dice.roll(2) === 0) {
      return joined(
        encode("cnumpy._core.numeric\n_frombuffer\n("),
        bytes,
        type,
        shape,
        text(dice.pick(["C", "F"])),
        encode("tR"),
      );
    }
    const start = joined(
      encode("cnumpy._core.multiarray\n_reconstruct\ncnumpy\nndarray\n"),
      Uint8Array.of(0x4b, 0, 0x85, 0x43, 1, 98, 0x87, 0x52),
    );
    return joined(
      start,
      encode("("),
      Uint8Array.of(0x4b, 1),
      shape,
      type,
      Uint8Array.of(dice.pick([0x88, 0x89])),
      bytes,
      encode("tb"),
    );
  };
  const list = () => joined(encode("]("), ...Array.from({ length: dice.roll(4) }, small), encode("e"));
  const anything = (): Uint8Array =>
    dice.pick([
      small,
      array,
      list,
      key,
      () => encode(`c${name().replace(" ", "\n")}\n`),
      () =>
        Uint8Array.of(
          dice.pick([0x52, 0x62, 0x85, 0x86, 0x87, 0x74, 0x28, 0x30, 0x31, 0x32, 0x61, 0x65, 0x73, 0x75, 0x93, 0x94]),
        ),
      () => joined(Uint8Array.of(dice.pick([0x68, 0x71, 0x8a])), Uint8Array.of(dice.roll(4))),
      () =>
        joined(Uint8Array.of(dice.pick([0x54, 0x58, 0x42, 0x72, 0x6a, 0x8b])), number(lyingLength(dice, 4), 4, true)),
      () => joined(Uint8Array.of(dice.pick([0x8d, 0x8e, 0x95, 0x96])), number(lyingLength(dice, 4), 8, true)),
      () =>
        encode(
          dice.pick([
            "I1\n",
            "I01\n",
            "L99999999999999999999L\n",
            "F1.5\n",
            "S'a\\x41'\n",
            "S'\\x4'\n",
            "V\\u0041\n",
            "p1\n",
            "g1\n",
            "g-1\n",
            "I\n",
          ]),
        ),
      () => dice.bytes(1),
    ])();
  const labels = () => dice.pick([list, array, anything])();
  const body = joined(key(), dice.roll(3) === 0 ? anything() : array(), key(), labels());
  const noise = Array.from({ length: dice.pick([0, 0, 0, 1, 3, 12]) }, anything);
  return joined(
    Uint8Array.of(0x80, dice.pick([2, 4, 5, 6])),
    encode("}("),
    ...noise,
    body,
    encode("u"),
    encode(dice.pick([".", ".", "."])),
  );
}
