import { expect, test } from "vitest";
import { z } from "zod";
import { createMemoryStore } from "../store/memory-store.ts";
import { keptCheck } from "./kept-check.ts";

const schema = z.array(z.strictObject({ parameter: z.string(), value: z.number() }));

test("a check is made once for all that it depends on, and what is kept is validated", async () => {
  const store = createMemoryStore();
  let checks = 0;
  const check = async () => {
    checks += 1;
    return [{ parameter: "W1", value: checks }];
  };
  const first = await keptCheck(store, { layers: 2 }, schema, check);
  expect(await keptCheck(store, { layers: 2 }, schema, check)).toEqual(first);
  expect(checks).toBe(1);
  expect((await keptCheck(store, { layers: 3 }, schema, check)).result).toEqual([{ parameter: "W1", value: 2 }]);
  expect((await store.logs()).map(({ kind }) => kind)).toEqual(["gradient-check", "gradient-check"]);
  const otherSchema = z.array(z.strictObject({ parameter: z.string(), value: z.string() }));
  const attempt = keptCheck(store, { layers: 2 }, otherSchema, async () => []);
  await expect(attempt).rejects.toMatchObject({ code: "store", message: /result\.0\.value/ });
});
