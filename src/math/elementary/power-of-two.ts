/** x 2^k for 1/2 <= |x| < 4 and -1080 < k < 1030, rounded once: 2^k itself may be no normal number. */
export function timesPowerOfTwo(x: number, k: number): number {
  if (k > 1023) return x * 2 * exactPower(k - 1);
  if (k < -1021) return x * exactPower(k + 1000) * exactPower(-1000);
  return x * exactPower(k);
}

const bits = new DataView(new ArrayBuffer(8));

/** 2^k for -1022 <= k <= 1023, written into the bits of a number. */
function exactPower(k: number): number {
  bits.setUint32(0, (1023 + k) << 20);
  return bits.getFloat64(0);
}
