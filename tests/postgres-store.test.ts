import { execFile } from "node:child_process";
import net from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { storeSuite } from "../src/store/fixtures/store-suite.node.ts";
import { openStore } from "../src/store/open-store.node.ts";
import { shownAddress } from "../src/store/postgres-address.node.ts";
import { openPostgresStore } from "../src/store/postgres-store.node.ts";
import { ask, newDatabase, noPostgres } from "./postgres.ts";

if (noPostgres !== undefined) test.skip(`PostgreSQL: ${noPostgres}`);
else storeSuite("PostgreSQL", newDatabase);

/** What came after the first version. */
const tablesSince = ["worker", "pack", "progress", "mark"].map((name) => `gradus.${name}`);

/** A way to a database that can be cut, at a message that is wanted. */
async function cuttable(address: string) {
  const url = new URL(address);
  const target = Number(url.port);
  let cutAfter: RegExp | undefined;
  let cuts = 0;
  const server = net.createServer((client) => {
    const upstream = net.connect(target, "127.0.0.1");
    for (const socket of [client, upstream]) socket.on("error", () => {});
    client.on("data", (bytes) => {
      upstream.write(bytes);
      if (cutAfter?.test(bytes.toString("latin1"))) {
        cutAfter = undefined;
        cuts += 1;
        // The server gets it, and its answer gets nowhere.
        client.destroy();
        setTimeout(() => upstream.destroy(), 200);
      }
    });
    upstream.on("data", (bytes) => client.write(bytes));
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url.port = String((server.address() as net.AddressInfo).port);
  return {
    address: url.href,
    cutAt(message: RegExp) {
      cutAfter = message;
    },
    cuts: () => cuts,
    close: () => server.close(),
  };
}

describe.skipIf(noPostgres !== undefined)("a store in PostgreSQL", () => {
  test("a connection that is lost in COMMIT, or at any statement before it, leaves the entries once", async () => {
    const direct = await newDatabase();
    const way = await cuttable(direct);
    const store = await openStore(way.address);
    const messages = [/COMMIT/, /INSERT INTO gradus\.entry/, /BEGIN/, /COMMIT/, /WITH numbers/];
    for (const [at, message] of messages.entries()) {
      way.cutAt(message);
      await store.append({ log: "r", kind: "run", at, entries: [`entry ${at}`], put: [Uint8Array.of(at)] });
    }
    expect(way.cuts()).toBe(messages.length);
    expect(await store.read("r")).toEqual(messages.map((_, at) => `entry ${at}`));
    expect(await store.changed()).toBe(messages.length);
    // What tells whether it did something tells it of what was done.
    way.cutAt(/COMMIT/);
    expect(await store.remove("r")).toBe(true);
    await store.close();
    way.close();
  });

  test("eight open a database that is empty at once, and write at once, and nothing is lost", async () => {
    const address = await newDatabase();
    const stores = await Promise.all(Array.from({ length: 8 }, () => openStore(address)));
    await Promise.all(
      stores.map(async (store, i) => {
        for (let at = 0; at < 5; at++) {
          await store.append({ log: `log-${i}`, kind: "run", at, entries: [String(at)] });
          // Of the one log that all write, each entry is somebody's.
          await store.append({ log: "shared", kind: "run", at: 0, entries: ["first"] });
        }
      }),
    );
    const logs = await stores[0].logs();
    expect(logs).toHaveLength(9);
    expect(new Set(logs.map(({ changed }) => changed)).size).toBe(9);
    expect(await stores[0].changed()).toBe(8 * 5 + 1);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("a claim that is not renewed ends by the database's clock; its holder's entries are refused from then on", async () => {
    const address = await newDatabase();
    const [first, second] = [await openPostgresStore(address), await openPostgresStore(address)];
    const append = (at: number) => first.append({ log: "r", kind: "run", at, entries: [String(at)] });
    const claim = await first.claim("r");
    await append(0);
    expect(await second.claim("r")).toBeUndefined();
    await ask(address, "UPDATE gradus.claim SET until = clock_timestamp() - interval '1 second'");
    expect(await second.isClaimed("r")).toBe(false);
    // Nobody has it since: it is still its holder's to write.
    await append(1);
    const next = await second.claim("r");
    expect(next).toBeDefined();
    await expect(append(2)).rejects.toThrow(/r is in another process's hands/);
    // What is released late is not the next one's.
    await claim?.release();
    expect(await second.isClaimed("r")).toBe(true);
    await first.close();
    await second.close();
  });

  test("a database that can only be read shows what is in it", async () => {
    const address = await newDatabase();
    const store = await openStore(address);
    await store.append({ log: "r", kind: "run", at: 0, entries: ["a"] });
    await store.close();
    const database = new URL(address).pathname.slice(1);
    await ask(address, `ALTER DATABASE ${database} SET default_transaction_read_only = on`);
    const reader = await openStore(address);
    expect(await reader.read("r")).toEqual(["a"]);
    await reader.summarise([{ log: "r", entries: 1, text: "a list" }]);
    await expect(reader.append({ log: "r", kind: "run", at: 1, entries: ["b"] })).rejects.toMatchObject({
      code: "store",
      message: /it can only be read/,
    });
    await reader.close();
  });

  test("tables of a newer Gradus, and another program's, are refused and left as they are", async () => {
    const address = await newDatabase();
    await (await openStore(address)).close();
    await ask(address, "UPDATE gradus.version SET version = 99");
    await expect(openStore(address)).rejects.toMatchObject({
      message: /version 99 of a newer Gradus/,
      remedy: /newer/,
    });
    const other = await newDatabase();
    await ask(other, "CREATE SCHEMA gradus; CREATE TABLE gradus.mine (a int)");
    await expect(openStore(other)).rejects.toThrow(/another program's/);
    expect(await ask(other, "SELECT to_regclass('gradus.log') AS log")).toEqual([{ log: null }]);
  });

  test("tables of the first version are brought up to date, with what is in them", async () => {
    const address = await newDatabase();
    const store = await openStore(address);
    await store.append({ log: "r", kind: "run", at: 0, entries: ["a"] });
    await store.close();
    await ask(address, `DROP TABLE ${tablesSince.join(", ")}; UPDATE gradus.version SET version = 1`);
    const again = await openPostgresStore(address);
    expect(await again.read("r")).toEqual(["a"]);
    expect(await again.database.all("SELECT * FROM gradus.worker")).toEqual([]);
    await again.close();
  });

  test("wrong addresses are one error that names place and remedy, and never a password", async () => {
    const address = await newDatabase();
    const changed = (change: (url: URL) => void) => {
      const url = new URL(address);
      change(url);
      return url.href;
    };
    const wrong = [
      [changed((url) => Object.assign(url, { password: "hush-hush" })), /the password is wrong/],
      [changed((url) => Object.assign(url, { pathname: "/nowhere" })), /there is no such database/],
      [changed((url) => Object.assign(url, { port: "1" })), /it does not answer/],
      ["postgres://me:hush-hush@no-such-host.invalid/lab", /no host of that name|does not answer/],
      ["postgres://me:hush-hush@[/lab", /no address of a database/],
      ["mysql://me:hush-hush@host/lab", /no store is known/],
    ] as const;
    for (const [text, complaint] of wrong) {
      const error = await openStore(text).then(
        () => undefined,
        (fault) => fault,
      );
      expect(error).toMatchObject({ name: "Fault", message: complaint });
      expect(JSON.stringify([error.message, error.remedy, error.place])).not.toMatch(/hush/);
      expect(error.remedy).not.toBe("");
    }
    expect(shownAddress("postgres://me:hush@host:5/lab?password=hush&sslmode=require")).toBe(
      "postgres://me@host:5/lab",
    );
  });

  test("connections say who they are, and a silent transaction is ended by the server", async () => {
    const address = await newDatabase();
    const { database, close } = await openPostgresStore(address);
    const [settings] = await database.all(`SELECT current_setting('application_name') AS name,
      current_setting('statement_timeout') AS statement, current_setting('idle_in_transaction_session_timeout') AS silence`);
    expect(settings).toEqual({ name: "gradus", statement: "1min", silence: "5s" });
    // A connection that is ended while nothing is asked of it ends nothing else.
    await ask(address, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gradus'");
    expect(await database.all("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    // Nor does one within a transaction, which is done once more.
    let tries = 0;
    const done = await database.transaction(async (on) => {
      tries += 1;
      if (tries === 1) {
        await ask(address, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gradus'");
        await pause(100);
      }
      return (await on.query("SELECT 2 AS two")).rows;
    });
    expect([tries, done]).toEqual([2, [{ two: 2 }]]);
    await close();
  });

  test("the driver is loaded when a database is opened, and not before", async () => {
    const source = `
      const { openStore } = await import(${JSON.stringify(new URL("../src/store/open-store.node.ts", import.meta.url).href)});
      await (await openStore("memory:")).close();
      const { createRequire } = await import("node:module");
      const loaded = Object.keys(createRequire(${JSON.stringify(import.meta.filename)}).cache).some((file) => /node_modules.pg/.test(file));
      console.log(loaded);`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", source]);
    expect(stdout.trim()).toBe("false");
  });
});
