import { homedir } from "node:os";
import path from "node:path";
import { cacheFolder } from "../files/cache-folder.node.ts";

/**
 * The folder that keeps downloaded datasets, absolute; it need not exist.
 * `GRADUS_DATA` wins when it is set; else the platform's cache folder.
 */
export function dataFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const { resolve } = platform === "win32" ? path.win32 : path.posix;
  return env.GRADUS_DATA ? resolve(env.GRADUS_DATA) : cacheFolder(env, platform, home);
}
