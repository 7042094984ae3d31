// What one core can multiply and add in 128-bit vectors under this engine: node fma-peak.ts

import { microsecondsSince, serve } from "../pipe.ts";
import { productFlops } from "../work.ts";
import { fmaModule } from "./fma-module.ts";

/** Turns of the loop in one call. */
const turns = 10_000;

const relaxed = WebAssembly.validate(fmaModule(1, true));
// How many sums hide the latency best depends on the processor and on how the engine spills.
const candidates = await Promise.all(
  [8, 10, 12, 14].map(async (sums) => {
    const { instance } = await WebAssembly.instantiate(fmaModule(sums, relaxed));
    return { sums, run: instance.exports.run as (turns: number) => number, flops: turns * sums * 8 };
  }),
);
const gigaflops = candidates.map(({ run, flops }) => {
  for (let call = 0; call < 1000; call++) run(turns); // until the optimising compiler has taken it
  const began = performance.now();
  for (let call = 0; call < 1000; call++) run(turns);
  return (1000 * flops) / microsecondsSince(began) / 1000;
});
const best = candidates[gigaflops.indexOf(Math.max(...gigaflops))];

await serve(
  `128-bit peak: ${relaxed ? "relaxed multiply-add" : "multiply and add"} on ${best.sums} independent vectors`,
  {
    // A unit is as many operations as a step's two big products have.
    peak: () => async (count) => {
      const calls = Math.ceil((count * productFlops) / best.flops);
      let value = 0;
      const began = performance.now();
      for (let call = 0; call < calls; call++) value += best.run(turns);
      const flops = calls * best.flops;
      return { microseconds: microsecondsSince(began) * ((count * productFlops) / flops), value };
    },
  },
);
