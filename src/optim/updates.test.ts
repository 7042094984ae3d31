import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createDevice } from "../math/select.ts";
import { createParameters } from "../nn/parameters.ts";
import { createUpdate } from "./rules.ts";
import type { UpdateDescription } from "./update.ts";

interface Case {
  readonly update: UpdateDescription;
  readonly lambda: number;
  readonly clip: number | null;
  readonly after: Readonly<Record<string, readonly number[]>>;
}

/** What PyTorch's optimisers made of the same gradients: `fixtures/torch_updates.py`. */
const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync(`${import.meta.dirname}/fixtures/torch-updates.json`, "utf8"),
);

/** Values that PyTorch's program has too. */
const numbers = (length: number, step: number) =>
  Array.from({ length }, (_, i) => (((7 * i + 5 * step + 3 * length) % 11) - 5) / 10);

/** Ten steps of members side by side, each with its own settings and all with the same gradients of the loss. */
async function afterTenSteps(members: readonly Case[]): Promise<Record<string, number[]>[]> {
  const device = await createDevice("wasm", "f64");
  const architecture = { members: members.length, widths: [3, 2] };
  const parameters = createParameters(device, architecture);
  const each = (name: string, step: number) => {
    const length = parameters[name].size / members.length;
    return members.flatMap(() => numbers(length, step));
  };
  const names = Object.keys(parameters);
  for (const name of names) device.write(parameters[name], each(name, 100));
  const update = createUpdate(
    { device, architecture, parameters, lambda: Float64Array.from(members, ({ lambda }) => lambda), isMoving: false },
    members.map((member) => member.update),
    members.map(({ clip }) => clip ?? undefined),
  );
  for (let step = 0; step < 10; step++) {
    const at = { number: step, learningRate: new Float64Array(members.length).fill(0.1) };
    const into = update.into(at);
    for (const name of names) {
      const gradient = device.tensor(parameters[name].shape);
      device.write(gradient, each(name, step));
      device.combine(into(name), gradient);
    }
    update.finish(at);
  }
  const read = await Promise.all(
    names.map(async (name) => [name, [...(await device.read(parameters[name]))]] as const),
  );
  device.close();
  return members.map((_, member) =>
    Object.fromEntries(
      read.map(([name, values]) => {
        const length = values.length / members.length;
        return [name, values.slice(member * length, (member + 1) * length)];
      }),
    ),
  );
}

describe.each(["nesterov", "adam", "adamw", "adagrad", "rmsprop", "sgd"])("%s", (kind) => {
  for (const isClipped of [false, true]) {
    const members = cases.filter(({ update, clip }) => update.kind === kind && (clip !== null) === isClipped);
    if (members.length === 0) continue;

    test(`${isClipped ? "clipped " : ""}takes PyTorch's steps, for members that differ in all their numbers`, async () => {
      expect(members.length).toBe(2);
      for (const [member, after] of (await afterTenSteps(members)).entries()) {
        for (const [name, expected] of Object.entries(members[member].after)) {
          expected.forEach((value, i) => {
            expect(Math.abs(after[name][i] - value), `${name}[${i}] of member ${member}`).toBeLessThan(1e-12);
          });
        }
      }
    });

    test(`${isClipped ? "clipped " : ""}is the same alone, to the bit`, async () => {
      const together = await afterTenSteps(members);
      for (const [member, each] of members.entries()) expect(await afterTenSteps([each])).toEqual([together[member]]);
    });
  }
});
