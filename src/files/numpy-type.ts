import { limits } from "./limits.ts";
import type { TextArray } from "./number-array.ts";

// NumPy's types that are no numbers (NumPy reference, "Data type objects"): `<U5` five characters of UCS-4, `|S3` three bytes.

/** What the elements are, by the letter of their kind. */
const kinds: Readonly<Record<string, string>> = {
  O: "Python objects",
  U: "text",
  S: "text",
  a: "text",
  V: "structured data",
  M: "dates",
  m: "durations",
  c: "complex numbers",
  f: "long doubles",
};

/** A word on the type that NumPy calls `descr`. */
export function typeWord(descr: string): string {
  return kinds[descr.match(/^[<>|=]?([A-Za-z])/)?.[1] ?? "V"] ?? "structured data";
}

/** The texts of `content`, one a row of a fixed width that zeros fill up; undefined for what are none, or not [n], [n, 1] or []. */
export function textArray(
  descr: string,
  shape: readonly number[],
  content: Uint8Array,
  at: number,
): TextArray | undefined {
  const [, order, kind, digits] = descr.match(/^([<>|=]?)([US])(\d{1,5})$/) ?? [];
  const width = Number(digits) * (kind === "U" ? 4 : 1);
  const count = shape.reduce((product, length) => product * length, 1);
  const isLine = shape.filter((length) => length !== 1).length < 2;
  if (kind === undefined || !isLine || width < 1 || count > limits.images) return undefined;
  if (content.length !== count * width) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const code = (index: number) => (kind === "U" ? view.getUint32(4 * index, order !== ">") : content[index]);
  const texts: string[] = [];
  for (let from = 0; from < count * Number(digits); from += Number(digits)) {
    let text = "";
    for (let index = from; index < from + Number(digits); index++) {
      const point = code(index);
      if (point > 0x10ffff) return undefined;
      text += String.fromCodePoint(point);
    }
    texts.push(text.replace(/\0+$/, ""));
  }
  return { texts, shape, at };
}
