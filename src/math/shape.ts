/** Numbers in a tensor of a shape; a shape without extents is one number. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}
