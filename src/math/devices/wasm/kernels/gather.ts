import { multiplyAdd, multiplyAddOne } from "./vector";

// x[f, j] = byte f of image rows[j] * scale[f] + shift[f], and its transpose xt[j, f]; labels[j]. The images' bytes are
// read once: blocks of 4 images by 16 features become numbers in registers and leave in both orientations.
export function gather<T>(
  x: usize, xt: usize, y: usize,
  images: usize, labels: usize, dimension: i32,
  rows: usize, n: i32, scale: usize, shift: usize,
): void {
  const blocksEnd = sizeof<T>() == 4 ? n & ~3 : 0;
  const featuresEnd = sizeof<T>() == 4 ? dimension & ~15 : 0;
  for (let f = 0; f < featuresEnd; f += 16) {
    for (let j = 0; j < blocksEnd; j += 4) {
      const i0 = images + imageOffset(rows, j, dimension) + f;
      const i1 = images + imageOffset(rows, j + 1, dimension) + f;
      const i2 = images + imageOffset(rows, j + 2, dimension) + f;
      const i3 = images + imageOffset(rows, j + 3, dimension) + f;
      for (let part = 0; part < 16; part += 4) {
        const at = f + part;
        const factor = v128.load(scale + at * 4);
        const offset = v128.load(shift + at * 4);
        const a = multiplyAdd<f32>(fourBytes(i0 + part), factor, offset);
        const b = multiplyAdd<f32>(fourBytes(i1 + part), factor, offset);
        const c = multiplyAdd<f32>(fourBytes(i2 + part), factor, offset);
        const d = multiplyAdd<f32>(fourBytes(i3 + part), factor, offset);
        const row = xt + (j * dimension + at) * 4;
        v128.store(row, a);
        v128.store(row + dimension * 4, b);
        v128.store(row + dimension * 8, c);
        v128.store(row + dimension * 12, d);
        const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
        const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
        const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
        const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
        const column = x + (at * n + j) * 4;
        v128.store(column, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
        v128.store(column + n * 4, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
        v128.store(column + n * 8, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5));
        v128.store(column + n * 12, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7));
      }
    }
  }
  // What the blocks left: the last features of their images, then the last images whole.
  for (let j = 0; j < n; j++) {
    const image = images + imageOffset(rows, j, dimension);
    for (let f = j < blocksEnd ? featuresEnd : 0; f < dimension; f++) {
      const value = multiplyAddOne<T>(
        <T>load<u8>(image + f),
        load<T>(scale + f * sizeof<T>()),
        load<T>(shift + f * sizeof<T>()),
      );
      store<T>(xt + (j * dimension + f) * sizeof<T>(), value);
      store<T>(x + (f * n + j) * sizeof<T>(), value);
    }
    store<T>(y + j * sizeof<T>(), <T>load<u8>(labels + load<u32>(rows + j * 4)));
  }
}

// @ts-expect-error: decorator
@inline
function imageOffset(rows: usize, j: i32, dimension: i32): usize {
  return <usize>load<u32>(rows + j * 4) * <usize>dimension;
}

// Four bytes as four f32.
// @ts-expect-error: decorator
@inline
function fourBytes(at: usize): v128 {
  return f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at))));
}
