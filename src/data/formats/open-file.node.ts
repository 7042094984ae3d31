import { inflate } from "../../files/inflate.node.ts";
import { isNpy, latin1, readNpy } from "../../files/npy.ts";
import { isZip, readNpz } from "../../files/npz.node.ts";
import type { NamedArrays } from "../../files/number-array.ts";
import { isPng } from "../../files/png.node.ts";
import { shown, takeAgain, unreadable } from "../../files/unreadable.ts";
import type { Dataset } from "../dataset.ts";
import { readCifarBin } from "./cifar-bin.ts";
import { readCsv } from "./csv.ts";
import { isIdx, readIdx } from "./idx.ts";
import { matVersion, readMat } from "./mat.node.ts";
import { isPickle, readPickle } from "./pickle.ts";
import type { ReadingOptions } from "./reading-options.ts";

/** What a file is, and either the arrays in it or the images themselves. */
export type Contents = { readonly format: string } & (
  | { readonly arrays: NamedArrays }
  | { readonly dataset: (options?: ReadingOptions) => Dataset }
);

const supported = "a CIFAR .bin, pickle, .mat, idx, .npz or CSV file, or a folder of PNGs";

/** By the first bytes, then by the ending of the name. */
export function openFile(bytes: Uint8Array, name: string, place: string): Contents {
  if (bytes.length >= 18 && bytes[0] === 0x1f && bytes[1] === 0x8b) return openPacked(bytes, name, place);
  const ending = name.match(/\.([a-z0-9]+)$/i)?.[1].toLowerCase() ?? "";
  if (isZip(bytes)) return { format: "NumPy .npz", arrays: readNpz(bytes, place) };
  if (isNpy(bytes)) return { format: "NumPy .npy", arrays: new Map([["array", readNpy(bytes, place)]]) };
  const version = matVersion(bytes);
  if (version === "5") return { format: "MATLAB .mat, level 5", arrays: readMat(bytes, place) };
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
function openPacked(bytes: Uint8Array, name: string, place: string): Contents {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(bytes.length - 4, true);
  const content = inflate(bytes, "gzip", size, place, 0);
  if (content[0] === 0x1f && content[1] === 0x8b) {
    throw unreadable(place, 0, "a file packed once", "one packed twice", "unpack it with gunzip first");
  }
  const inner = openFile(content, name.replace(/\.gz$/i, ""), `${place}[unpacked]`);
  return { ...inner, format: `${inner.format}, gzip` };
}

/** Files that people have and this cannot read, each with what to do. */
function refuseKnown(bytes: Uint8Array, ending: string, version: string | undefined, place: string): void {
  const refuse = (found: string, remedy: string) => {
    throw unreadable(place, 0, supported, found, remedy);
  };
  const starts = latin1(bytes.subarray(0, 16));
  if (
    version === "7.3" ||
    starts.startsWith("\x89HDF") ||
    (ending === "mat" && latin1(bytes.subarray(512, 516)) === "\x89HDF")
  ) {
    const what = version === "7.3" || ending === "mat" ? "a MAT-file of version 7.3, which is HDF5" : "HDF5";
    refuse(what, "save it in MATLAB with -v7, or in Python with scipy.io.savemat or numpy.savez");
  }
  if (ending === "mat") {
    refuse(
      "no MAT-file of level 5, perhaps one of level 4",
      "save it in MATLAB with -v7, or in Python with scipy.io.savemat",
    );
  }
  if (latin1(bytes.subarray(257, 262)) === "ustar")
    refuse("a tar archive", "unpack it with tar, and name a file in it");
  if (starts.startsWith("BZh") || starts.startsWith("\xfd7zXZ") || starts.startsWith("\x28\xb5\x2f\xfd")) {
    refuse("a file packed with bzip2, xz or zstd", "unpack it, and name the unpacked file");
  }
  if (isPng(bytes)) refuse("a single PNG", "name a folder whose folders are the classes, with the PNGs in them");
  if (starts.startsWith("\xff\xd8\xff")) refuse("a JPEG", "convert the pictures to PNG, in folders by class");
  if (starts.startsWith("PAR1")) refuse("Parquet", convert);
  if (bytes.length === 0) refuse("nothing: the file is empty", takeAgain);
}

/** Whether the first bytes are printable, as a table's would be. */
function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 512).every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}
