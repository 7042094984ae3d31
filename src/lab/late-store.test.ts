import { expect, test } from "vitest";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import { lateStore } from "./late-store.ts";

/** Two processes where no store is yet: either makes the same. */
function twoProcesses() {
  let store: Store | undefined;
  const make = async () => {
    store ??= createMemoryStore();
    return store;
  };
  const process = () => lateStore("here", () => store !== undefined, make);
  return { first: process(), second: process(), isMade: () => store !== undefined };
}

const entry = (log: string) => ({ log, kind: "run", at: 0, entries: ["a"] });

test("reading and claiming make no store; keeping does, and then it holds", async () => {
  const { first, second, isMade } = twoProcesses();
  expect([await first.logs(), await first.read("r"), await first.changed()]).toEqual([[], [], 0]);
  expect([await first.remove("r"), await first.isInPlace(), first.place]).toEqual([false, true, "here"]);
  const claim = await first.claim("r");
  expect([await first.isClaimed("r"), await first.claim("r"), isMade()]).toEqual([true, undefined, false]);
  await first.append(entry("r"));
  expect([await first.read("r"), await second.read("r"), isMade()]).toEqual([["a"], ["a"], true]);
  expect([await second.isClaimed("r"), await second.claim("r")]).toEqual([true, undefined]);
  await claim?.release();
  expect(await second.claim("r")).toBeDefined();
});

test("what two have claimed where no store was, one of them keeps", async () => {
  const { first, second } = twoProcesses();
  await Promise.all([first.claim("r"), second.claim("r")]);
  await first.append(entry("r"));
  const complaint = "another process has begun it meanwhile";
  await expect(second.append(entry("r"))).rejects.toMatchObject({ code: "store", place: "r", complaint });
});
