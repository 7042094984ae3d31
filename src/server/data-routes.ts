import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Hono } from "hono";
import { checkCifar10, cifar10File } from "../data/cifar10.node.ts";
import { cifar10Members } from "../data/cifar10.ts";
import { dataFolder } from "../data/data-folder.node.ts";
import { mnistImages, requireMnist } from "../data/mnist.node.ts";
import { mnistFiles } from "../data/mnist.ts";
import { Fault } from "../fault/fault.ts";
import { notFound } from "./answer.ts";

/** The published datasets of this machine, for a page that trains: by the names of their files, and no others. */
export function dataRoutes(app: Hono): void {
  app.get("/api/published/:file", async (context) => {
    const file = await publishedFile(context.req.param("file"), dataFolder());
    if (file === undefined) return notFound(context);
    return context.body(new Uint8Array(await readFile(file)), 200, { "content-type": "application/octet-stream" });
  });
}

/** Where a published file lies; undefined for other names, and where it is not there or not right. */
async function publishedFile(name: string, folder: string): Promise<string | undefined> {
  const member = cifar10Members.find((each) => `${each}.bin` === name);
  if (member !== undefined) {
    const [{ state }] = await checkCifar10(folder, [member], true);
    return state === "ok" ? cifar10File(folder, member) : undefined;
  }
  const mnist = Object.keys(mnistFiles).find((each) => each === name);
  if (mnist === undefined) return undefined;
  try {
    await requireMnist(folder);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
  return path.join(path.dirname(mnistImages(folder).test), mnist);
}
