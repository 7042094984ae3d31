import { kindOfFile } from "../../files/kind-of-file.ts";
import { isNpy, latin1, readNpy } from "../../files/npy.ts";
import { isZip, readNpz } from "../../files/npz.ts";
import type { NamedArrays } from "../../files/number-array.ts";
import type { Unpacker } from "../../files/unpacker.ts";
import { shown, takeAgain, unreadable } from "../../files/unreadable.ts";
import type { Dataset } from "../dataset.ts";
import { readCifarBin } from "./cifar-bin.ts";
import { readCsv } from "./csv.ts";
import { isIdx, readIdx } from "./idx.ts";
import { matVersion, readMat } from "./mat.ts";
import { isPickle, readPickle } from "./pickle.ts";
import type { ReadingOptions } from "./reading-options.ts";

/** What a file is, and either the arrays in it or the images themselves. */
export type Contents = { readonly format: string } & (
  | { readonly arrays: NamedArrays }
  | { readonly dataset: (options?: ReadingOptions) => Dataset }
);

const supported = "a CIFAR .bin, pickle, .mat, idx, .npz or CSV file, or a folder of PNGs";

/** By the first bytes, then by the ending of the name. */
export function openFile(bytes: Uint8Array, name: string, place: string, unpacker: Unpacker): Contents {
  if (bytes.length >= 18 && bytes[0] === 0x1f && bytes[1] === 0x8b) return openPacked(bytes, name, place, unpacker);
  const ending = name.match(/\.([a-z0-9]+)$/i)?.[1].toLowerCase() ?? "";
  if (isZip(bytes)) return { format: "NumPy .npz", arrays: readNpz(bytes, place, unpacker) };
  if (isNpy(bytes)) return { format: "NumPy .npy", arrays: new Map([["array", readNpy(bytes, place)]]) };
  const version = matVersion(bytes);
  if (version === "5") return { format: "MATLAB .mat, level 5", arrays: readMat(bytes, place, unpacker) };
  refuseKnown(bytes, ending, version, place);
  if (isPickle(bytes) && (ending !== "bin" || bytes[0] !== 0x80)) return openPickle(bytes, place);
  if (isIdx(bytes) && ending !== "bin") return { format: "idx", arrays: new Map([idxArray(bytes, place)]) };
  if (ending === "pkl" || ending === "pickle") return openPickle(bytes, place);
  if (ending === "bin") return { format: "CIFAR binary", dataset: () => readCifarBin(bytes, name, place) };
  if (ending === "csv" || ending === "tsv" || ending === "txt" || looksLikeText(bytes)) {
    return { format: "CSV", dataset: (options) => readCsv(bytes, name, place, options) };
  }
  throw unreadable(place, 0, supported, `${shown(latin1(bytes.subarray(0, 8)))} and no ending that says more`, convert);
}

const convert = "save the images in Python with numpy.savez(file, x=images, y=labels), images as uint8";

function openPickle(bytes: Uint8Array, place: string): Contents {
  return { format: "Python pickle", arrays: readPickle(bytes, place) };
}

function idxArray(bytes: Uint8Array, place: string) {
  const array = readIdx(bytes, place);
  return [array.shape.length === 1 ? "labels" : "images", array] as const;
}

/** A .gz: its last four bytes say how long the content is (RFC 1952), which must be true and not too much. */
function openPacked(bytes: Uint8Array, name: string, place: string, unpacker: Unpacker): Contents {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(bytes.length - 4, true);
  const content = unpacker.inflate(bytes, "gzip", size, place, 0);
  if (content[0] === 0x1f && content[1] === 0x8b) {
    throw unreadable(place, 0, "a file packed once", "one packed twice", "unpack it with gunzip first");
  }
  const inner = openFile(content, name.replace(/\.gz$/i, ""), `${place}[unpacked]`, unpacker);
  return { ...inner, format: `${inner.format}, gzip` };
}

/** Kinds of file that hold images as nothing else here does. */
const readable = /^a (?:zip|NumPy|Python|MATLAB)/;

/** Files that people have and this cannot read, each with what to do. */
function refuseKnown(bytes: Uint8Array, ending: string, version: string | undefined, place: string): void {
  const refuse = (actual: string, remedy: string) => {
    throw unreadable(place, 0, supported, actual, remedy);
  };
  const isHdf = latin1(bytes.subarray(512, 516)) === "\x89HDF";
  if (version === "7.3" || (ending === "mat" && (isHdf || kindOfFile(bytes)?.what === "HDF5"))) {
    const remedy = "save it in MATLAB with -v7, or in Python with scipy.io.savemat or numpy.savez";
    refuse("a MAT-file of version 7.3, which is HDF5", remedy);
  }
  const kind = kindOfFile(bytes);
  if (kind?.what === "a PNG" || kind?.what === "a JPEG") {
    refuse(`${kind?.what}, a single picture`, "name a folder whose folders are the classes, with the pictures in them");
  }
  // The records of a .bin may begin like anything.
  if (kind !== undefined && !readable.test(kind.what) && ending !== "bin") refuse(kind.what, kind.remedy ?? convert);
  if (ending === "mat") {
    const remedy = "save it in MATLAB with -v7, or in Python with scipy.io.savemat";
    refuse("no MAT-file of level 5, perhaps one of level 4", remedy);
  }
  if (bytes.length === 0) refuse("nothing: the file is empty", takeAgain);
}

/** Whether the first bytes are printable, as a table's would be. */
function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 512).every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}
