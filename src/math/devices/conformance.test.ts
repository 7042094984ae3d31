import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Device, Into, Tally, Tensor } from "../device.ts";
import { createBlasDevice } from "./blas/blas-device.node.ts";
import { activations, classLosses, exercise, exercised, firstDifference } from "./native/exercise.ts";
import { createNativeDevice } from "./native/native-device.node.ts";
import { createReferenceDevice } from "./reference/reference-device.ts";
import { startNodeHelper } from "./wasm/start-helper.node.ts";
import { createWasmDevice } from "./wasm/wasm-device.ts";
import { createNodeWebgpuDevice } from "./webgpu/webgpu-device.node.ts";

// One suite for every device: each kernel against `reference` on the same random numbers, over populations and over
// sizes that are no multiple of any tile, vector or block.

const devices: { name: string; create: () => Promise<Device>; tolerance: number }[] = [
  // The reference against itself: proves that the suite runs every kernel of the seam, and reuse of memory.
  { name: "reference", create: async () => createReferenceDevice(), tolerance: 0 },
  // f32 sums of up to 300 terms of size 1: 300 * 2^-24 and a margin.
  { name: "wasm f32", create: () => createWasmDevice("f32"), tolerance: 2e-5 },
  { name: "wasm f64", create: () => createWasmDevice("f64"), tolerance: 1e-13 },
  // Every kernel in three parts, however small: most parts end inside a tile, some are empty.
  {
    name: "wasm f32, 3 threads",
    create: () => createWasmDevice("f32", { threads: 3, workAPart: 1, startHelper: startNodeHelper }),
    tolerance: 2e-5,
  },
  {
    name: "wasm f64, 3 threads",
    create: () => createWasmDevice("f64", { threads: 3, workAPart: 1, startHelper: startNodeHelper }),
    tolerance: 1e-13,
  },
];

// Where the machine has a BLAS, which need not be: gradus devices says why it has none.
const blas = await createBlasDevice("f32", {}).catch((error: unknown) => error);
if (!(blas instanceof Error)) {
  const share = { threads: 3, workAPart: 1, startHelper: startNodeHelper };
  devices.push(
    { name: "blas f32", create: () => createBlasDevice("f32", {}), tolerance: 2e-5 },
    { name: "blas f64", create: () => createBlasDevice("f64", {}), tolerance: 1e-13 },
    { name: "blas f32, 3 threads", create: () => createBlasDevice("f32", share), tolerance: 2e-5 },
  );
}

// Where the machine has a C compiler, which need not be either.
const native = await createNativeDevice("f32", {}).catch((error: unknown) => error);
const hasNative = !(native instanceof Error);
if (hasNative) {
  const share = { threads: 3, workAPart: 1, startHelper: startNodeHelper };
  devices.push(
    { name: "native f32", create: () => createNativeDevice("f32", { threads: 1 }), tolerance: 2e-5 },
    { name: "native f64", create: () => createNativeDevice("f64", { threads: 1 }), tolerance: 1e-13 },
    { name: "native f32, 3 threads", create: () => createNativeDevice("f32", share), tolerance: 2e-5 },
  );
}

// Where the optional package webgpu and a GPU's driver are installed; `tests/slow/webgpu.test.ts` runs it in a browser, on any machine.
const webgpu = await createNodeWebgpuDevice().catch((error: unknown) => error);
if (!(webgpu instanceof Error)) {
  // As wasm's in f32; exponentials and divisions of a GPU are a few units in the last place off.
  devices.push({ name: "webgpu f32", create: createNodeWebgpuDevice, tolerance: 2e-5 });
}

const sizes = [
  { out: 1, inputs: 1, n: 1 },
  { out: 3, inputs: 5, n: 7 },
  { out: 10, inputs: 50, n: 100 },
  { out: 7, inputs: 131, n: 9 },
  { out: 13, inputs: 37, n: 300 },
  { out: 50, inputs: 301, n: 11 },
];

describe.each(devices)("$name", ({ name, create, tolerance }) => {
  const common = sharedDevice(create);

  describe.each(name === "reference" ? [2] : [1, 3, 8])("%i members", (members) => {
    test.each(sizes)("$out nodes, $inputs inputs, $n samples", async ({ out, inputs, n }) => {
      const bench = createBench(common(), tolerance, answersTo(`${members} members, ${out} ${inputs} ${n}`));
      const shared = bench.tensor([1, inputs, n]);
      const perMember = bench.tensor([members, inputs, n]);
      const w = bench.tensor([members, out, inputs]);
      const b = bench.tensor([members, out, 1]);
      const ds = bench.tensor([members, out, n]);
      const operand = bench.tensor([members, out, n]);

      for (const x of [shared, perMember]) {
        await bench.same([members, out, n], (device, s, of) => device.affine(s, of(w), of(x), of(b)));
        for (const factors of factorsFor(members)) {
          await bench.sameInto([members, out, inputs], factors, (device, into, of) =>
            device.outerProduct(into, of(ds), of(x)),
          );
        }
      }
      await bench.same([members, inputs, n], (device, dx, of) => device.transposeProduct(dx, of(w), of(ds)));
      for (const factors of factorsFor(members)) {
        await bench.sameInto([members, out, 1], factors, (device, into, of) => device.sampleSum(into, of(ds)));
        await bench.sameInto([members, out, n], factors, (device, into, of) => device.combine(into, of(ds)));
      }
      for (const factors of factorsFor(members)) {
        await bench.sameInto([members, out, n], factors, (device, into, of) => device.combineSquares(into, of(ds)));
      }
      const each = (value: (p: number) => number) => Float64Array.from({ length: members }, (_, p) => value(p));
      await bench.agree((device, of) => {
        const [stepped, squares] = [device.tensor([members, out, n]), device.tensor([members, out, n])];
        device.relu(stepped, of(operand));
        device.multiply(squares, of(ds), of(ds));
        const [keep, rate, correction, eps] = [0.9, 0.1, 2, 0.01].map((value) => each((p) => value * (p + 1)));
        device.rootStep(stepped, of(ds), squares, { keep, rate, correction, eps });
        return stepped;
      });
      await bench.agree((device, of) => {
        const [clipped, tally] = [device.tensor([members, out, n]), device.tally(members, 1)];
        device.multiply(clipped, of(ds), of(operand));
        device.squareSum(tally, clipped);
        // Some members' limits are above what they have.
        device.clip(
          clipped,
          tally,
          each((p) => (p % 2 === 0 ? 0.01 : 1e6)),
        );
        return clipped;
      });
      for (const followed of ["w", "v"] as const) {
        await bench.agree((device, of) => {
          const [w, v] = [device.tensor([members, out, n]), device.tensor([members, out, n])];
          device.relu(w, of(ds));
          device.multiply(v, of(ds), of(operand));
          device.followVelocity(
            w,
            v,
            Float64Array.from({ length: members }, (_, p) => 0.1 * p),
          );
          return { w, v }[followed];
        });
      }
      await bench.same([members, out, n], (device, h, of) => device.relu(h, of(ds)));
      await bench.same([members, out, n], (device, d, of) => device.reluGradient(d, of(ds), of(ds)));
      await bench.sameTally(members, 1, (device, tally, of) => device.squareSum(tally, of(w)));
      for (const activation of activations) {
        await bench.same([members, out, n], (device, h, of) => device.activate(h, of(ds), activation));
        await bench.same([members, out, n], (device, d, of) =>
          device.activationGradient(d, of(operand), of(ds), activation),
        );
      }

      const [gamma, beta, mean] = [1, 2, 3].map(() => bench.tensor([members, out, 1]));
      const variance = bench.tensor(
        [members, out, 1],
        numbers([members, out, 1], 5).map((value) => value + 1.25),
      );
      for (const isAffine of [true, false]) {
        const affineOf = (of: (pair: Pair) => Tensor) => (isAffine ? { gamma: of(gamma), beta: of(beta) } : undefined);
        for (const what of ["y", "normalised", "mean", "variance"] as const) {
          // A single sample has no variance: eps alone decides, and must be the same.
          await bench.agree((device, of) => {
            const [y, normalised] = [0, 1].map(() => device.tensor([members, out, n]));
            const [mean, variance] = [0, 1].map(() => device.tensor([members, out, 1]));
            device.batchNorm(y, normalised, { mean, variance }, of(ds), affineOf(of), 0.01);
            return { y, normalised, mean, variance }[what];
          });
        }
        await bench.same([members, out, n], (device, y, of) =>
          device.normalise(y, of(ds), { mean: of(mean), variance: of(variance) }, affineOf(of), 0.01),
        );
        await bench.same([members, out, n], (device, d, of) =>
          device.batchNormGradient(d, of(ds), of(operand), of(variance), isAffine ? of(gamma) : undefined, 0.01),
        );
      }
      for (const factors of factorsFor(members)) {
        await bench.sameInto([members, out, 1], factors, (device, into, of) =>
          device.sampleProductSum(into, of(ds), of(operand)),
        );
      }
      await bench.same([members, out, n], (device, product, of) => device.multiply(product, of(ds), of(operand)));
      await bench.same([members, out, n], (device, mask) =>
        device.drop(mask, {
          keys: Uint32Array.from({ length: 2 * members }, (_, i) => 4_000_000_007 * (i + 1)),
          indices: [2 ** 32 - 1, 3],
          rates: each((p) => [0.5, 0.2, 0.9][p % 3]),
        }),
      );

      const labels = bench.tensor(
        [1, 1, n],
        Array.from({ length: n }, (_, j) => (j * 7) % out),
      );
      const second = bench.tensor(
        [1, 1, n],
        Array.from({ length: n }, (_, j) => (j * 5) % out),
      );
      const share = bench.tensor(
        [1, 1, n],
        Array.from({ length: n }, (_, j) => (j % 5) / 4),
      );
      await bench.same([members, out, n], (device, p, of) =>
        device.softmaxCrossEntropy(p, device.tally(members, 2), of(ds), of(labels)),
      );
      await bench.sameTally(members, 2, (device, tally, of) =>
        device.softmaxCrossEntropy(device.tensor([members, out, n]), tally, of(ds), of(labels)),
      );
      await bench.same([members, out, n], (device, d, of) => device.softmaxCrossEntropyGradient(d, of(ds), of(labels)));
      for (const loss of classLosses) {
        await bench.same([members, out, n], (device, p, of) =>
          device.classLoss(p, device.tally(members, 2), of(ds), of(labels), loss),
        );
        await bench.sameTally(members, 2, (device, tally, of) =>
          device.classLoss(device.tensor([members, out, n]), tally, of(ds), of(labels), loss),
        );
        await bench.same([members, out, n], (device, d, of) => device.classLossGradient(d, of(ds), of(labels), loss));
        if (loss.kind === "hinge") continue;
        const mixed = (of: (pair: Pair) => Tensor) => ({ labels: of(second), share: of(share) });
        await bench.sameTally(members, 2, (device, tally, of) => {
          // In place, as training has it.
          const scores = device.tensor([members, out, n]);
          device.multiply(scores, of(ds), of(operand));
          device.classLoss(scores, tally, scores, of(labels), loss, mixed(of));
        });
        await bench.same([members, out, n], (device, d, of) =>
          device.classLossGradient(d, of(ds), of(labels), loss, mixed(of)),
        );
      }
    });
  });

  test.each([1, 4, 7, 8, 12, 21])("gathers %i images, standardised, in any order and more than once", async (n) => {
    const bench = createBench(common(), tolerance);
    const [count, dimension] = [23, 50];
    const rows = Uint32Array.from({ length: n }, (_, j) => (j * j + 4) % count);
    const images = Uint8Array.from({ length: count * dimension }, (_, i) => (i * 151) % 256);
    const labels = Uint8Array.from({ length: count }, (_, i) => (i * 3) % 10);
    const scale = bench.tensor([dimension]);
    const shift = bench.tensor([dimension]);
    const run = (device: Device, of: (pair: Pair) => Tensor) => {
      // Narrower than the batch before it in the same memory.
      const wide = device.batch(dimension, n + 9);
      device.write(wide, numbers([dimension, n + 9], 3));
      const x = device.view(wide, [1, dimension, n]);
      const y = device.tensor([1, 1, n]);
      device.gather(x, y, device.upload(images, labels), rows, { scale: of(scale), shift: of(shift) });
      return { x, y };
    };
    await bench.agree((device, of) => run(device, of).x);
    await bench.agree((device, of) => run(device, of).y);
    // A gathered batch is what later products read, whichever way the device keeps it.
    const ds = bench.tensor([3, 5, n]);
    await bench.sameInto([3, 5, dimension], factorsFor(3)[0], (device, into, of) =>
      device.outerProduct(into, of(ds), run(device, of).x),
    );
  });

  test("images in reserved memory are uploaded as they are, also when the memory has grown since", async () => {
    const device = await create();
    const bytes = device.reserve(2 * 6);
    bytes.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    device.tensor([1000, 1000]);
    const images = device.upload(bytes.subarray(6), Uint8Array.of(4));
    const ones = device.tensor([6]);
    device.write(ones, [1, 1, 1, 1, 1, 1]);
    const x = device.batch(6, 1);
    const y = device.tensor([1, 1, 1]);
    device.gather(x, y, images, Uint32Array.of(0), { scale: ones, shift: device.tensor([6]) });
    expect([...(await device.read(x)), ...(await device.read(y))]).toEqual([7, 8, 9, 10, 11, 12, 4]);
    device.close();
  });

  test("a batch that is only measured is gathered and multiplied like any other", async () => {
    const bench = createBench(common(), tolerance);
    const images = Uint8Array.from({ length: 30 * 21 }, (_, i) => (i * 61) % 256);
    const labels = Uint8Array.from({ length: 30 }, (_, i) => i % 7);
    const [scale, shift] = [bench.tensor([21]), bench.tensor([21])];
    const [w, b] = [bench.tensor([2, 3, 21]), bench.tensor([2, 3, 1])];
    await bench.agree((device, of) => {
      const x = device.batch(21, 13, "measure");
      const y = device.tensor([1, 1, 13]);
      const rows = Uint32Array.from({ length: 13 }, (_, j) => 29 - 2 * j);
      device.gather(x, y, device.upload(images, labels), rows, { scale: of(scale), shift: of(shift) });
      const s = device.tensor([2, 3, 13]);
      device.affine(s, of(w), x, of(b));
      device.free(x);
      return s;
    });
  });

  // More features than one sum takes at a time, and fewer than there are threads to share them.
  describe.each([
    { inputs: 6, n: 5 },
    { inputs: 300, n: 21 },
    { inputs: 1300, n: 100 },
  ])("a batch of $n samples with $inputs features", ({ inputs, n }) => {
    test.each([1, 2, 5])("is what later products of %i members read", async (members) => {
      const known = answersTo(`a batch, ${members} members, ${inputs} ${n}`);
      const bench = createBench(common(), (tolerance * Math.max(300, inputs)) / 300, known);
      const x = bench.tensor([1, inputs, n]);
      const [ds, w, b] = [
        [7, n],
        [7, inputs],
        [7, 1],
      ].map((shape) => bench.tensor([members, ...shape]));
      const written = (device: Device) => {
        const batch = device.batch(inputs, n);
        device.write(batch, bench.values(x));
        return batch;
      };
      await bench.same([members, 7, n], (device, s, of) => device.affine(s, of(w), written(device), of(b)));
      for (const factors of factorsFor(members)) {
        await bench.sameInto([members, 7, inputs], factors, (device, into, of) =>
          device.outerProduct(into, of(ds), written(device)),
        );
      }
    });
  });

  test("softmax and loss are finite for any finite scores; a tie goes to the first class", async () => {
    const device = common();
    const big = device.dtype === "f32" ? 1e38 : 1e300;
    const s = device.tensor([1, 3, 5]);
    device.write(s, [big, -big, 0, 1000, -1000, big, -big, 0, 0, -1000, -big, -big, 0, -1000, 1000]);
    const labels = device.tensor([1, 1, 5]);
    device.write(labels, [0, 1, 0, 0, 2]);
    const p = device.tensor([1, 3, 5]);
    const tally = device.tally(1, 2);
    device.softmaxCrossEntropy(p, tally, s, labels);
    const [loss, correct] = await device.readTally(tally);
    expect(loss).toBeCloseTo(Math.log(2) + 2 * Math.log(3), 5);
    expect(correct).toBe(4);
    expect([...(await device.read(p))].every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  test("NaN is passed on, and is never a right answer", async () => {
    const device = common();
    const s = device.tensor([1, 2, 1]);
    device.write(s, [Number.NaN, 1]);
    device.relu(s, s);
    for (const activation of activations) {
      const h = device.tensor([1, 2, 1]);
      device.activate(h, s, activation);
      expect((await device.read(h))[0]).toBeNaN();
    }
    expect(await device.read(s)).toEqual(device.dtype === "f32" ? Float32Array.of(NaN, 1) : Float64Array.of(NaN, 1));
    const tally = device.tally(1, 2);
    device.softmaxCrossEntropy(device.tensor([1, 2, 1]), tally, s, device.tensor([1, 1, 1]));
    expect([...(await device.readTally(tally))]).toEqual([Number.NaN, 0]);
  });

  test("where beta is 0 the base is not read", async () => {
    const device = common();
    const target = device.tensor([1, 2, 3]);
    device.write(target, new Array(6).fill(Number.NaN));
    const into = { target, base: target, alpha: Float64Array.of(1), beta: Float64Array.of(0) };
    const ds = device.tensor([1, 2, 4]);
    device.outerProduct(into, ds, device.tensor([1, 3, 4]));
    expect([...(await device.read(target))]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("rows of a tally are added to one by one, read together and cleared", async () => {
    const device = common();
    const w = device.tensor([2, 2, 1]);
    device.write(w, [1, 2, 3, 4]);
    const tally = device.tally(2, 1, 3);
    device.squareSum(device.tallyRow(tally, 0), w);
    device.squareSum(device.tallyRow(tally, 2), w);
    device.squareSum(device.tallyRow(tally, 2), w);
    expect([...(await device.readTally(tally))]).toEqual([5, 25, 0, 0, 10, 50]);
    device.clear(device.tallyRow(tally, 2));
    expect([...(await device.readTally(tally))]).toEqual([5, 25, 0, 0, 0, 0]);
  });

  test("memory that was freed comes back as zeros", async () => {
    const device = await create();
    const first = device.tensor([4, 4]);
    device.write(first, new Array(16).fill(7));
    device.free(first);
    expect([...(await device.read(device.tensor([4, 4])))]).toEqual(new Array(16).fill(0));
    device.close();
  });
});

const exact = [
  { name: "wasm", create: createWasmDevice },
  ...(hasNative ? [{ name: "native", create: createNativeDevice }] : []),
].flatMap((device) => (["f32", "f64"] as const).map((dtype) => ({ ...device, dtype })));

describe.each(exact)("$name $dtype", ({ create, dtype }) => {
  describe.each([1, 2, 3, 4])("%i threads", (threads) => {
    const shared = sharedDevice(() => create(dtype, { threads, workAPart: 1, startHelper: startNodeHelper }));
    const oneThread = sharedDevice(() => create(dtype, { threads: 1 }));

    test.each(["batch", "tensor"] as const)(
      "a member's numbers on a %s depend neither on its company nor on the threads, to the bit",
      async (kind) => {
        const [device, single] = [shared(), oneThread()];
        const [members, out, inputs, n] = [5, 7, 1300, 21];
        const values = numbers([members, out, inputs], 1);
        const run = async (device: Device, from: number, count: number) => {
          const x = kind === "batch" ? device.batch(inputs, n) : device.tensor([1, inputs, n]);
          device.write(x, numbers([1, inputs, n], 2));
          const w = device.tensor([count, out, inputs]);
          device.write(w, values.subarray(from * out * inputs, (from + count) * out * inputs));
          const s = device.tensor([count, out, n]);
          device.affine(s, w, x, device.tensor([count, out, 1]));
          const [alpha, beta] = [new Float64Array(count).fill(-0.1), new Float64Array(count).fill(0.99)];
          device.outerProduct({ target: w, base: w, alpha, beta }, s, x);
          return { s: await device.read(s), w: await device.read(w) };
        };
        const together = await run(device, 0, members);
        for (let p = 0; p < members; p++) {
          const alone = await run(single, p, 1);
          expect(together.s.slice(p * out * n, (p + 1) * out * n)).toEqual(alone.s);
          expect(together.w.slice(p * out * inputs, (p + 1) * out * inputs)).toEqual(alone.w);
          expect(await run(device, p, 1)).toEqual(alone);
        }
      },
    );
  });
});

describe.skipIf(!hasNative).each(["f32", "f64"] as const)("native %s", (dtype) => {
  test("a wide batch that threads share out stays in their memory, and gives what one thread gives", async () => {
    const [out, inputs, n, count] = [50, 3072, dtype === "f64" ? 100 : 200, 300];
    const images = Uint8Array.from({ length: count * inputs }, (_, i) => (i * 151) % 256);
    const run = async (threads: number) => {
      const device = await createNativeDevice(dtype, { threads, startHelper: startNodeHelper });
      const [scale, shift, w] = [device.tensor([inputs]), device.tensor([inputs]), device.tensor([1, out, inputs])];
      device.write(scale, new Float64Array(inputs).fill(1 / 256));
      device.write(w, numbers(w.shape, 1));
      const x = device.batch(inputs, n);
      const [y, s, b] = [device.tensor([1, 1, n]), device.tensor([1, out, n]), device.tensor([1, out, 1])];
      const from = device.upload(images, new Uint8Array(count));
      const sums: unknown[] = [];
      let behind: Tensor | undefined;
      for (let step = 0; step < 10; step++) {
        const rows = Uint32Array.from({ length: n }, (_, j) => (j * 37 + step * 11) % count);
        device.gather(x, y, from, rows, { scale, shift });
        device.affine(s, w, x, b);
        sums.push(await device.read(s));
        behind ??= device.tensor([16_000]); // right behind the products' memory, which the first has made
      }
      const untouched = behind && (await device.read(behind)).every((value) => value === 0);
      device.close();
      return { sums, untouched };
    };
    const expected = await run(1);
    expect(expected.untouched).toBe(true);
    for (const threads of [2, 3]) expect(await run(threads)).toEqual(expected);
  });

  const expected: Awaited<ReturnType<typeof exercise>>[] = [];
  beforeAll(async () => {
    const wasm = await createWasmDevice(dtype, { threads: 1 });
    for (const extents of exercised) expected.push(await exercise(wasm, extents));
    wasm.close();
  });

  test.each([1, 2, 3, 4])("computes what wasm computes, to the bit, with %i threads", async (threads) => {
    const native = await createNativeDevice(dtype, { threads, workAPart: 1, startHelper: startNodeHelper });
    for (const [at, extents] of exercised.entries()) {
      expect(firstDifference(expected[at], await exercise(native, extents)), JSON.stringify(extents)).toBeUndefined();
    }
    native.close();
  });
});

/** One device for the tests beside it: starting its threads takes longer than most of them. */
function sharedDevice(create: () => Promise<Device>): () => Device {
  let device: Device;
  beforeAll(async () => {
    device = await create();
  });
  afterAll(() => device.close());
  return () => device;
}

/** The same tensor on the device under test and on the reference. */
interface Pair {
  readonly tested: Tensor;
  readonly reference: Tensor;
}

type Run<First> = (device: Device, first: First, of: (pair: Pair) => Tensor) => void;

/** What the reference answered to each question of a bench, in their order: the devices that follow are asked the same. */
type Answers = Float64Array[];
const allAnswers = new Map<string, Answers>();
function answersTo(questions: string): Answers {
  const known = allAnswers.get(questions) ?? [];
  allAnswers.set(questions, known);
  return known;
}

function createBench(tested: Device, tolerance: number, known: Answers = []) {
  let question = 0;
  /** Computed by the reference where no bench before has asked. */
  async function answer(compute: () => Promise<ArrayLike<number>>): Promise<Float64Array> {
    const at = question++;
    known[at] ??= Float64Array.from(await compute());
    return known[at];
  }
  const reference = createReferenceDevice();
  let seed = 0;
  const ofTested = (pair: Pair) => pair.tested;
  const ofReference = (pair: Pair) => pair.reference;
  const copies = new Map<Pair, Float64Array>();

  function tensor(shape: number[], values: ArrayLike<number> = numbers(shape, ++seed)): Pair {
    const pair = { tested: tested.tensor(shape), reference: reference.tensor(shape) };
    tested.write(pair.tested, values);
    reference.write(pair.reference, values);
    copies.set(pair, Float64Array.from(values));
    return pair;
  }

  async function agree(run: (device: Device, of: (pair: Pair) => Tensor) => Tensor): Promise<void> {
    const expected = await answer(() => reference.read(run(reference, ofReference)));
    requireAgreement(await tested.read(run(tested, ofTested)), expected);
  }

  function requireAgreement(result: ArrayLike<number>, expected: Float64Array): void {
    expect(result.length).toBe(expected.length);
    let most = tolerance;
    for (const value of expected) most = Math.max(most, tolerance * Math.abs(value));
    for (let i = 0; i < expected.length; i++) {
      if (!(Math.abs(result[i] - expected[i]) <= most)) expect(result[i], `entry ${i}`).toBe(expected[i]);
    }
  }

  return {
    tensor,
    agree,
    values: (pair: Pair) => copies.get(pair) as Float64Array,
    same: (shape: number[], run: Run<Tensor>) =>
      agree((device, of) => {
        const written = device.tensor(shape);
        run(device, written, of);
        return written;
      }),
    async sameTally(members: number, sums: number, run: Run<Tally>): Promise<void> {
      const added = (device: Device, of: (pair: Pair) => Tensor) => {
        const tally = device.tally(members, sums);
        run(device, tally, of);
        return device.readTally(tally);
      };
      const expected = await answer(() => added(reference, ofReference));
      requireAgreement(await added(tested, ofTested), expected);
    },
    sameInto: (shape: number[], { alpha, beta, inPlace }: Factors, run: Run<Into>) => {
      const start = tensor(shape);
      return agree((device, of) => {
        const base = device.tensor(shape);
        device.write(base, copies.get(start) as Float64Array);
        const target = inPlace ? base : device.tensor(shape);
        run(device, { target, base, alpha, beta }, of);
        return target;
      });
    },
  };
}

interface Factors {
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  readonly inPlace: boolean;
}

/** A plain gradient, a gradient with its penalty, and an update in place; different for each member. */
function factorsFor(members: number): Factors[] {
  const each = (value: (p: number) => number) => Float64Array.from({ length: members }, (_, p) => value(p));
  return [
    { alpha: each(() => 1), beta: each(() => 0), inPlace: false },
    { alpha: each(() => 1), beta: each((p) => 0.2 * p), inPlace: false },
    { alpha: each((p) => -0.1 * (p + 1)), beta: each((p) => 1 - 0.01 * p), inPlace: true },
  ];
}

/** Numbers in [-1, 1) that f32 holds exactly, from a small multiplicative generator. */
function numbers(shape: readonly number[], seed: number): Float64Array {
  let state = seed * 2_654_435_761 + 1;
  const size = shape.reduce((total, extent) => total * extent, 1);
  const values = new Float64Array(size);
  // `map` takes ten times as long.
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    values[i] = (state >>> 12) / 2 ** 19 - 1;
  }
  return values;
}
