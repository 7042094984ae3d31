import { expect, test } from "vitest";
import { storeSuite } from "./fixtures/store-suite.node.ts";
import { openStore } from "./open-store.node.ts";

storeSuite("memory", () => "memory:");
storeSuite("SQLite", (folder) => folder);

test("an address that no store is known for is refused", async () => {
  await expect(openStore("mysql://me:secret@localhost/gradus")).rejects.toThrow(/^mysql:: no store is known for it$/);
});
