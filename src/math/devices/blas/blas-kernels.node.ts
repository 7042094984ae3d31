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
 * The two big products of a batch through cblas_?gemm, which reads a batch as the matrix X [features, samples], row-major,
 * in place of panels. Threads share the work as the WebAssembly kernels do: the rows of a population, the features of one
 * network. Products of hidden layers are too small for a call to pay, and stay with the WebAssembly kernels.
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
    const [rowMajor, asItIs, transposed] = [101, 111, 112];

    interface Matrix {
      readonly address: number;
      /** Numbers from one row to the next. */
      readonly stride: number;
    }

    /** C = alpha A op(B) + beta C, row-major: op(B) [k, n], C [m, n]; C is not read where beta is 0. */
    function multiply(
      [m, n, k]: readonly [number, number, number],
      alpha: number,
      a: Matrix,
      b: Matrix & { readonly op: number },
      beta: number,
      c: Matrix,
    ) {
      const [A, B, C] = [a, b, c].map(({ address }) => origin + BigInt(address));
      gemm(rowMajor, asItIs, b.op, m, n, k, alpha, A, a.stride, B, b.stride, beta, C, c.stride);
    }

    function copy(to: number, from: number, rows: number, columns: number): number {
      new Uint8Array(memory.buffer).copyWithin(to, from, from + rows * columns * size);
      return 0;
    }

    function numbers(address: number, count: number): number[] {
      const Numbers = size === 4 ? Float32Array : Float64Array;
      return Array.from(new Numbers(memory.buffer, address, count));
    }

    const scaleRows = wasm[`scaleRows_${dtype}`];
    /** Of several members, in one product. */
    const rowsAtOnce = 256;

    return {
      partialCount: (_inner: number, parts: number) => parts - 1,
      [`gather_${dtype}`]: wasm[`gatherRows_${dtype}`],
      [`panelBytes_${dtype}`]: (rows: number, columns: number) => rows * columns * size,
      [`pack_${dtype}`]: copy,
      [`unpack_${dtype}`]: copy,
      // A batch's errors, a part's rows at a time.
      [`outerScratch_${dtype}`]: (out: number, inner: number, n: number, hasPanels: number) =>
        hasPanels ? rowsAtOnce * n * size : wasm[`outerScratch_${dtype}`](out, inner, n, 0),

      [`affine_${dtype}`]: (...args: number[]) => {
        const [part, parts, , s, w, , b, x, partials, members, out, inner, n] = args;
        if (x === 0) return wasm[`affine_${dtype}`](...args);
        if (members === 1) {
          // Each part sums over its own features.
          const first = wasm.firstFeature(inner, part, parts);
          const count = wasm.firstFeature(inner, part + 1, parts) - first;
          const to = part === 0 ? s : partials + (part - 1) * out * n * size;
          if (part === 0) wasm[`fillRows_${dtype}`](to, b, out, n);
          const features = { address: x + first * n * size, stride: n, op: asItIs };
          const columns = { address: w + first * size, stride: inner };
          multiply([out, n, count], 1, columns, features, part === 0 ? 1 : 0, { address: to, stride: n });
          return 0;
        }
        // The rows of all members are one product: they share the batch.
        const row = Math.floor((members * out * part) / parts);
        const rows = Math.floor((members * out * (part + 1)) / parts) - row;
        const to = { address: s + row * n * size, stride: n };
        wasm[`fillRows_${dtype}`](to.address, b + row * size, rows, n);
        const weights = { address: w + row * inner * size, stride: inner };
        multiply([rows, n, inner], 1, weights, { address: x, stride: n, op: asItIs }, 1, to);
        return 0;
      },

      [`outerProduct_${dtype}`]: (...args: number[]) => {
        const [part, parts, scratch, target, base, alpha, beta, ds, , x, members, out, inner, n] = args;
        if (x === 0) return wasm[`outerProduct_${dtype}`](...args);
        const alphas = numbers(alpha, members);
        const betas = numbers(beta, members);
        if (members === 1) {
          const first = wasm.firstFeature(inner, part, parts);
          const count = wasm.firstFeature(inner, part + 1, parts) - first;
          const to = { address: target + first * size, stride: inner };
          const isElsewhere = base !== target && betas[0] !== 0;
          if (isElsewhere) scaleRows(to.address, base + first * size, betas[0], out, count, inner);
          const features = { address: x + first * n * size, stride: n, op: transposed };
          multiply([out, count, n], alphas[0], { address: ds, stride: n }, features, isElsewhere ? 1 : betas[0], to);
          return 0;
        }
        // Rows of several members are one product: alpha is multiplied into the errors, beta into what is added to.
        const end = Math.floor((members * out * (part + 1)) / parts);
        const scaled = scratch + part * rowsAtOnce * n * size;
        for (let row = Math.floor((members * out * part) / parts); row < end; row += rowsAtOnce) {
          const rows = Math.min(end - row, rowsAtOnce);
          for (const [member, at, count] of membersOf(row, rows, out)) {
            scaleRows(scaled + (at - row) * n * size, ds + at * n * size, alphas[member], count, n, n);
            const offset = at * inner * size;
            scaleRows(target + offset, base + offset, betas[member], count, inner, inner);
          }
          const to = { address: target + row * inner * size, stride: inner };
          multiply(
            [rows, inner, n],
            1,
            { address: scaled, stride: n },
            { address: x, stride: n, op: transposed },
            1,
            to,
          );
        }
        return 0;
      },
    };
  }

  /** Which of these rows are whose: [member, first row, number of rows]. */
  function membersOf(row: number, rows: number, out: number): [member: number, at: number, count: number][] {
    const pieces: [number, number, number][] = [];
    for (let at = row; at < row + rows; ) {
      const member = Math.floor(at / out);
      const count = Math.min(row + rows, (member + 1) * out) - at;
      pieces.push([member, at, count]);
      at += count;
    }
    return pieces;
  }

  return { ...wasm, ...kernelsOf("f32", 4, "float", sgemm), ...kernelsOf("f64", 8, "double", dgemm) };
};
