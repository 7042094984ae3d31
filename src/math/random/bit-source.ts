/** A sequence of uniformly distributed 64-bit words. `advance` moves to the next one; `high` and `low` hold its halves. */
export interface BitSource {
  /** Bits 32 to 63 of the present word, as an unsigned integer. */
  readonly high: number;
  /** Bits 0 to 31 of the present word, as an unsigned integer. */
  readonly low: number;
  advance(): void;
}

/** The next word's upper 53 bits as a multiple of 2^-53 in [0, 1): NumPy's double. */
export function nextDouble(bits: BitSource): number {
  bits.advance();
  return (bits.high * 2 ** 21 + (bits.low >>> 11)) / 2 ** 53;
}
