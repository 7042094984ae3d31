import { expect, test } from "vitest";
import type { Split } from "../data/splits.ts";
import { changed, data } from "./fixtures/small-runs.ts";
import { train } from "./train.ts";

const spec = changed();

// What a caller without types may hand over.
test.each<[what: string, attempt: () => AsyncGenerator, code: string, place: string]>([
  ["no spec", () => train([], data), "spec", "members"],
  ["no spec at all", () => train(undefined as never, data), "spec", "spec"],
  ["no images", () => train(spec, {} as Split), "data", "data.train"],
  ["no images to test", () => train(spec, { ...data, test: undefined } as unknown as Split), "data", "data.test"],
  ["no weights to begin from", () => train(spec, data, { initial: [] }), "usage", "initial"],
  ["no checkpoint", () => train(spec, data, { resume: [] }), "usage", "resume"],
])("%s is a Fault that names it", async (_, attempt, code, place) => {
  await expect(attempt().next()).rejects.toMatchObject({ name: "Fault", code, place });
});
