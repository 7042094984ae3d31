// Which nodes are left out: numbers of a member's stream, two a block of Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011,
// "Parallel random numbers: as easy as 1, 2, 3"), as random/philox.ts has them.

// mask = 0 where the number is below the limit, k 2^-53 with the limit's k, else `kept` [members]. `words`: for each member
// the key and the limit. `length` numbers a member.
exported void drop(double memory, int part, int parts, uint32_t mask, uint32_t words, uint32_t kept, int first, int second, int members,
          int length) {
  char *origin = (char *)(uintptr_t)memory;
  int64_t blocks = ((int64_t)length + 1) / 2;
  int64_t i = firstOf(members * blocks, part, parts), end = firstOf(members * blocks, part + 1, parts);
  while (i < end) {
    int64_t member = i / blocks, until = (member + 1) * blocks < end ? (member + 1) * blocks : end;
    const uint32_t *of = (const uint32_t *)(origin + words) + 4 * member;
    uint64_t limit = of[2] | (uint64_t)of[3] << 32;
    REAL scale = ((const REAL *)(origin + kept))[member];
    REAL *M = (REAL *)(origin + mask) + member * length;
    for (; i < until; i++) {
      int64_t block = i - member * blocks;
      uint32_t c0 = block, c1 = first, c2 = second, c3 = 0, k0 = of[0], k1 = of[1];
      UNROLL
      for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xd2511f53 * c0, p1 = (uint64_t)0xcd9e8d57 * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = p0;
        k0 += 0x9e3779b9;
        k1 += 0xbb67ae85;
      }
      M[2 * block] = (c0 | (uint64_t)c1 << 32) >> 11 < limit ? 0 : scale;
      if (2 * block + 1 < length) M[2 * block + 1] = (c2 | (uint64_t)c3 << 32) >> 11 < limit ? 0 : scale;
    }
  }
}
