import type { Extension } from "../wasm/team.ts";

/** What a thread needs to reach the BLAS. */
export interface BlasOrder {
  /** Files of the foreign-function package and of the BLAS. */
  readonly koffi: string;
  readonly library: string;
  /** `cblas_sgemm` and `cblas_dgemm`, or what this library calls them. */
  readonly sgemm: string;
  readonly dgemm: string;
  /** The C type of the library's integers. */
  readonly integer: "int" | "int64_t";
}

/**
 * The two big products of a batch through cblas_?gemm, and batches as the plain matrices it reads: X and X^T, row-major,
 * in place of panels. Each thread multiplies its own rows. Products of hidden layers are too small for a call to pay,
 * and stay with the WebAssembly kernels.
 */
export const extendWithBlas: Extension["extend"] = (data, memory, wasm, require) => {
  const { koffi, library, sgemm, dgemm, integer } = data as BlasOrder;
  interface ForeignFunctions {
    load(file: string): { func(declaration: string): (...args: unknown[]) => void };
    address(view: Uint8Array): bigint;
  }
  const foreign = require(koffi) as ForeignFunctions;
  const blas = foreign.load(library);
  // The memory grows but never moves: the engine reserves its whole address range at once.
  const origin = foreign.address(new Uint8Array(memory.buffer));

  function kernelsOf(dtype: "f32" | "f64", size: number, real: string, name: string) {
    const declared = [
      integer,
      integer,
      integer,
      integer,
      integer,
      integer,
      real,
      "void*",
      integer,
      "void*",
      integer,
      real,
    ];
    const gemm = blas.func(`void ${name}(${[...declared, "void*", integer].join(", ")})`);
    const [rowMajor, asItIs] = [101, 111];

    /** C = alpha A B + beta C, row-major: A [m, k], B [k, n], C [m, n]; C is not read where beta is 0. */
    function multiply(m: number, n: number, k: number, alpha: number, a: number, b: number, beta: number, c: number) {
      const [A, B, C] = [origin + BigInt(a), origin + BigInt(b), origin + BigInt(c)];
      gemm(rowMajor, asItIs, asItIs, m, n, k, alpha, A, k, B, n, beta, C, n);
    }

    function copy(to: number, from: number, rows: number, columns: number): number {
      new Uint8Array(memory.buffer).copyWithin(to, from, from + rows * columns * size);
      return 0;
    }

    function read(address: number): number {
      return size === 4 ? new Float32Array(memory.buffer, address)[0] : new Float64Array(memory.buffer, address)[0];
    }

    return {
      [`gather_${dtype}`]: wasm[`gatherRows_${dtype}`],
      [`panelBytes_${dtype}`]: (rows: number, columns: number) => rows * columns * size,
      [`pack_${dtype}`]: copy,
      [`unpack_${dtype}`]: copy,
      [`packTransposed_${dtype}`]: (to: number, from: number, rows: number, columns: number) =>
        wasm[`transpose_${dtype}`](to, from, columns, rows),

      [`affine_${dtype}`]: (...args: number[]) => {
        const [part, parts, , s, w, , b, x, members, out, inner, n] = args;
        if (x === 0) return wasm[`affine_${dtype}`](...args);
        // The rows of all members are one product: they share the batch.
        const row = Math.floor((members * out * part) / parts);
        const rows = Math.floor((members * out * (part + 1)) / parts) - row;
        const to = s + row * n * size;
        wasm[`fillRows_${dtype}`](to, b + row * size, rows, n);
        multiply(rows, n, inner, 1, w + row * inner * size, x, 1, to);
        return 0;
      },

      [`outerProduct_${dtype}`]: (...args: number[]) => {
        const [part, parts, , target, base, alpha, beta, ds, , xt, members, out, inner, n] = args;
        if (xt === 0) return wasm[`outerProduct_${dtype}`](...args);
        const end = Math.floor((members * out * (part + 1)) / parts);
        let row = Math.floor((members * out * part) / parts);
        while (row < end) {
          const member = Math.floor(row / out);
          const rows = Math.min(end, (member + 1) * out) - row;
          const kept = read(beta + member * size);
          const offset = row * inner * size;
          if (kept !== 0 && base !== target) copy(target + offset, base + offset, rows, inner);
          multiply(rows, inner, n, read(alpha + member * size), ds + row * n * size, xt, kept, target + offset);
          row += rows;
        }
        return 0;
      },
    };
  }

  return { ...wasm, ...kernelsOf("f32", 4, "float", sgemm), ...kernelsOf("f64", 8, "double", dgemm) };
};
