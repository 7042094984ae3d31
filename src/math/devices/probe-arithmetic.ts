import type { Arithmetic, Device } from "../device.ts";

/**
 * Asks a device what its multiply-adds are, by one whose result tells: a b - c, where a b is one bit longer than a number
 * and c is a b rounded. Fused gives that bit, separate gives 0.
 */
export async function probeArithmetic(
  device: Pick<Device, "dtype" | "tensor" | "write" | "affine" | "read" | "free">,
): Promise<Exclude<Arithmetic, "unspecified">> {
  // (1 + u)^2 = 1 + 2u + u^2, of which u^2 is lost in rounding.
  const u = device.dtype === "f32" ? 2 ** -12 : 2 ** -27;
  const shapes = { s: [1, 1, 1], w: [1, 1, 2], x: [1, 2, 1], b: [1, 1, 1] };
  const [s, w, x, b] = Object.values(shapes).map((shape) => device.tensor(shape));
  device.write(w, [-1, 1 + u]);
  device.write(x, [1 + 2 * u, 1 + u]);
  device.affine(s, w, x, b);
  const [rest] = await device.read(s);
  for (const tensor of [s, w, x, b]) device.free(tensor);
  return rest === 0 ? "separate" : "fused";
}
