// biome-ignore-all lint/suspicious/noControlCharactersInRegex: signatures are bytes, not text
import { latin1 } from "./npy.ts";

/** What a file is by its first bytes, in words, and what helps where something else was wanted. */
export interface FileKind {
  readonly what: string;
  /** Undefined where nothing helps but another file. */
  readonly remedy?: string;
}

interface Signature extends FileKind {
  readonly starts: RegExp;
}

const unpackFirst = "unpack it, and name the unpacked file";
const savePictures = "save it as PNG or JPEG";

// Each by its published signature, of at most 300 bytes, as Latin-1.
const signatures: readonly Signature[] = [
  {
    starts: /^version https:\/\/git-lfs/,
    what: "a Git LFS pointer, not the file",
    remedy: "fetch the file: git lfs pull",
  },
  {
    starts: /^\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|body)/is,
    what: "an HTML page",
    remedy: "download the file itself: this is the page around it",
  },
  { starts: /^\s*<\?xml/, what: "XML", remedy: "save the numbers as CSV or .npz" },
  { starts: /^SIMPLE {2}= /, what: "a FITS file", remedy: "save the images in Python with numpy.savez" },
  { starts: /^\s*(?:\{\s*["}]|\[\s*[[{"])/, what: "JSON", remedy: "save the numbers as CSV or .npz" },
  {
    starts: /^# (?:Created by Octave|name: )/,
    what: "Octave's text format",
    remedy: "save it in Octave with save -v7",
  },
  { starts: /^Octave-1-/, what: "Octave's binary format", remedy: "save it in Octave with save -v7" },
  { starts: /^\xff\xd8\xff/, what: "a JPEG" },
  { starts: /^\x89PNG\r\n\x1a\n/, what: "a PNG" },
  { starts: /^GIF8[79]a/, what: "a GIF", remedy: savePictures },
  { starts: /^BM.{4}\0\0\0\0/s, what: "a BMP", remedy: savePictures },
  { starts: /^(?:II\*\0|MM\0\*)/, what: "a TIFF", remedy: savePictures },
  { starts: /^RIFF.{4}WEBP/s, what: "a WebP", remedy: savePictures },
  { starts: /^.{4}ftyp(?:heic|heix|mif1|avif)/s, what: "a HEIC or AVIF picture", remedy: savePictures },
  { starts: /^%PDF-/, what: "a PDF" },
  { starts: /^\x89HDF\r\n\x1a\n/, what: "HDF5", remedy: "save it with numpy.savez, or in MATLAB with -v7" },
  { starts: /^PAR1/, what: "Parquet", remedy: "save the images in Python with numpy.savez" },
  { starts: /^(?:BZh|\xfd7zXZ|\x28\xb5\x2f\xfd)/, what: "a file packed with bzip2, xz or zstd", remedy: unpackFirst },
  { starts: /^.{257}ustar/s, what: "a tar archive", remedy: "unpack it with tar, and name a file in it" },
  { starts: /^PK\x03\x04.{26}[^/]*\/(?:data\.pkl|\.format_version|version|byteorder)/s, what: "a PyTorch file" },
  { starts: /^PK[\x03\x05]/, what: "a zip archive, as .npz files are" },
  { starts: /^\x93NUMPY/, what: "a NumPy .npy file" },
  { starts: /^\x08[\x01-\x14](?:\x12|\x1a|\x3a|\x42)/, what: "an ONNX model" },
  { starts: /^\x80[\x02-\x05]/, what: "a Python pickle" },
  { starts: /^MATLAB /, what: "a MATLAB file" },
  { starts: /^.{5}\0\0\0\{"/s, what: "a safetensors file" },
];

/** What a file begins like; undefined for what nothing says. */
export function kindOfFile(bytes: Uint8Array): FileKind | undefined {
  if (bytes.length === 0)
    return { what: "nothing: the file is empty", remedy: "take the file again from where it came" };
  const start = latin1(bytes.subarray(0, 300));
  return signatures.find(({ starts }) => starts.test(start));
}
