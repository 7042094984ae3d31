import { first } from "./elementwise";

// Which nodes are left out: numbers of a member's stream, two a block of Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011,
// "Parallel random numbers: as easy as 1, 2, 3"), as random/philox.ts has them.

const M0: u64 = 0xd2511f53;
const M1: u64 = 0xcd9e8d57;

// mask = 0 where the number is below the limit, k 2^-53 with the limit's k, else `kept` [members]. `words`: for each member
// the key and the limit. `length` numbers a member.
export function drop<T>(
  part: i32, parts: i32, mask: usize, words: usize, kept: usize, index0: i32, index1: i32, members: i32, length: i32,
): void {
  const size = <i32>sizeof<T>();
  const blocks = (length + 1) / 2;
  const end = first(members * blocks, part + 1, parts);
  let i = first(members * blocks, part, parts);
  while (i < end) {
    const member = i / blocks;
    const until = min(end, (member + 1) * blocks);
    const entry = words + member * 16;
    const limit = load<u64>(entry, 8);
    const scale = load<T>(kept + member * size);
    let to = mask + member * length * size + (i - member * blocks) * 2 * size;
    for (; i < until; i++) {
      const block = i - member * blocks;
      let c0: u32 = block, c1: u32 = index0, c2: u32 = index1, c3: u32 = 0;
      let k0 = load<u32>(entry), k1 = load<u32>(entry, 4);
      for (let round = 0; round < 10; round++) {
        const p0 = M0 * <u64>c0, p1 = M1 * <u64>c2;
        c0 = <u32>(p1 >> 32) ^ c1 ^ k0;
        c1 = <u32>p1;
        c2 = <u32>(p0 >> 32) ^ c3 ^ k1;
        c3 = <u32>p0;
        k0 += 0x9e3779b9;
        k1 += 0xbb67ae85;
      }
      store<T>(to, ((<u64>c0 | (<u64>c1 << 32)) >> 11) < limit ? <T>0 : scale);
      if (2 * block + 1 < length) store<T>(to + size, ((<u64>c2 | (<u64>c3 << 32)) >> 11) < limit ? <T>0 : scale);
      to += 2 * size;
    }
  }
}
