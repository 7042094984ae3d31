import { expect, test } from "vitest";
import { kindOfFile } from "./kind-of-file.ts";

test.each<[start: string, what: RegExp | undefined]>([
  ["version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", /Git LFS pointer/],
  ["\n<!DOCTYPE html>\n<html>", /HTML page/],
  ["<html lang='en'>", /HTML page/],
  ["<?xml version='1.0'?>", /XML/],
  ["SIMPLE  =                    T", /FITS/],
  ['{"images": [1, 2]}', /JSON/],
  ["[[1, 2], [3, 4]]", /JSON/],
  ["# Created by Octave 8.4.0, Mon", /Octave's text/],
  ["# name: x\n# type: matrix\n", /Octave's text/],
  ["\xff\xd8\xff\xe0\0\x10JFIF", /a JPEG/],
  ["GIF89a", /GIF/],
  ["\0\0\0\x18ftypheic", /HEIC/],
  ["\x89HDF\r\n\x1a\n", /HDF5/],
  ["\x08\x07\x12\x07pytorch\x1a\x051.9.0", /ONNX/],
  [`PK\x03\x04${"\0".repeat(26)}archive/data.pkl`, /PyTorch/],
  [`PK\x03\x04${"\0".repeat(26)}x.npy`, /zip/],
  ["\x80\x04\x95", /pickle/],
  ['\x90\x02\0\0\0\0\0\0{"W1"', /safetensors/],
  ["", /empty/],
  ["label,a,b\n1,2,3\n", undefined],
  ["[1] not JSON, 2", undefined],
  ["\x08\x09\x0a\x0b\x0c", undefined],
])("%j", (start, what) => {
  const kind = kindOfFile(Uint8Array.from(start, (character) => character.charCodeAt(0)));
  if (what === undefined) expect(kind).toBeUndefined();
  else expect(kind?.what).toMatch(what);
});
