import { limits } from "./limits.ts";
import { latin1, readNpyValue } from "./npy.ts";
import type { NamedArrays, NamedValue } from "./number-array.ts";
import { requireModest, type Unpacker } from "./unpacker.ts";
import { shown, takeAgain, unreadable } from "./unreadable.ts";

// NumPy's .npz: a zip archive (PKWARE APPNOTE 6.3) of .npy files, stored or deflated. Its directory lies at the end.

const endLength = 22;
const none = 0xffffffff;

export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

interface Member {
  readonly name: string;
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
  /** Of its local header. */
  readonly at: number;
  /** Of its entry in the directory. */
  readonly entry: number;
}

/** @throws Fault `data` for what is no zip archive with an array in it, or says of itself what is not so */
export function readNpz(bytes: Uint8Array, place: string, unpacker: Unpacker): NamedArrays {
  const arrays = new Map<string, NamedValue>();
  const members = directory(bytes, place);
  const isArray = ({ name }: Member) => name.endsWith(".npy");
  if (members.length > 0 && !members.some(isArray)) {
    const expected = "a zip of .npy files, as numpy.savez writes";
    const isTorch = members.some(({ name }) => name.endsWith("data.pkl"));
    const actual = `${isTorch ? "a PyTorch file with " : ""}a member ${shown(members[0].name)}`;
    throw unreadable(place, members[0].entry, expected, actual, isTorch ? fromTorch : unzip);
  }
  let total = 0;
  for (const member of members) {
    const name = member.name.replace(/\.npy$/, "");
    if (arrays.has(name)) throw unreadable(place, member.entry, "each name once", `${shown(name)} twice`, takeAgain);
    if (!isArray(member)) {
      arrays.set(name, "a file that is no array");
      continue;
    }
    total += member.size;
    requireModest(total, bytes.length, place, member.entry);
    arrays.set(
      name,
      readNpyValue(contentOf(bytes, member, place, unpacker), `${place}[${shown(member.name).slice(1, -1)}]`),
    );
  }
  return arrays;
}

/** The members, as the directory at the archive's end lists them; every length is held against the bytes there are. */
function directory(bytes: Uint8Array, place: string): Member[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = endOf(view, place);
  const count = view.getUint16(end + 10, true);
  const from = view.getUint32(end + 16, true);
  if (count > limits.names) throw unreadable(place, end, `at most ${limits.names} members`, `${count}`, takeAgain);
  const members: Member[] = [];
  let at = from;
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) {
      throw unreadable(place, at, `entry ${index} of the directory`, "something else", takeAgain);
    }
    const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > end) throw unreadable(place, at, "an entry inside the directory", "one beyond its end", takeAgain);
    const name = latin1(bytes.subarray(at + 46, at + 46 + nameLength));
    if ((view.getUint16(at + 8, true) & 1) !== 0) {
      throw unreadable(place, at + 8, "no encryption", `${shown(name)} encrypted`, "save it without a password");
    }
    const [packed, size] = zip64(view, at + 46 + nameLength, extraLength, at);
    const checksum = view.getUint32(at + 16, true);
    const method = view.getUint16(at + 10, true);
    members.push({ name, method, checksum, packed, size, at: view.getUint32(at + 42, true), entry: at });
    at = next;
  }
  return members;
}

const fromTorch =
  "load it in Python where you trust it, and save the arrays: numpy.savez(file, x=x.numpy(), y=y.numpy())";
const unzip = "unpack the archive, and name what is in it; arrays belong in one .npz: numpy.savez(file, x=x, y=y)";

/** Packed and unpacked size; NumPy writes them as zip64 although they are small. */
function zip64(view: DataView, from: number, length: number, entry: number): [packed: number, size: number] {
  let [packed, size] = [view.getUint32(entry + 20, true), view.getUint32(entry + 24, true)];
  for (let at = from; at + 4 <= from + length; ) {
    const [id, field] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    let value = at + 4;
    const end = Math.min(value + field, from + length);
    if (id === 1 && size === none && value + 8 <= end) {
      size = Number(view.getBigUint64(value, true));
      value += 8;
    }
    if (id === 1 && packed === none && value + 8 <= end) packed = Number(view.getBigUint64(value, true));
    at += 4 + field;
  }
  return [packed, size];
}

/** Where the end record lies: at the very end, or before a comment. */
function endOf(view: DataView, place: string): number {
  const last = view.byteLength - endLength;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw unreadable(place, Math.max(0, last), "the end of a zip archive", "something else", takeAgain);
}

function contentOf(bytes: Uint8Array, member: Member, place: string, { inflate, crc32 }: Unpacker) {
  const { name, method, checksum, packed, size, at, entry } = member;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (at + 30 > bytes.length || view.getUint32(at, true) !== 0x04034b50) {
    throw unreadable(place, Math.min(at, bytes.length), `the header of ${shown(name)}`, "something else", takeAgain);
  }
  const from = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (from + packed > bytes.length) {
    throw unreadable(
      place,
      from,
      `${packed} bytes of ${shown(name)}`,
      `${Math.max(0, bytes.length - from)}`,
      takeAgain,
    );
  }
  const raw = bytes.subarray(from, from + packed);
  if (method !== 0 && method !== 8) {
    throw unreadable(
      place,
      entry + 10,
      "members stored or deflated (0, 8)",
      `method ${method}`,
      "save it with numpy.savez",
    );
  }
  if (method === 0 && packed !== size) throw unreadable(place, entry + 20, `${size} bytes`, `${packed}`, takeAgain);
  const content = method === 0 ? raw : inflate(raw, "deflate", size, place, from);
  if (crc32(content) !== checksum)
    throw unreadable(place, entry + 16, `the checksum of ${shown(name)}`, "another", takeAgain);
  return content;
}
