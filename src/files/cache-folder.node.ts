import { homedir } from "node:os";
import path from "node:path";

/**
 * The folder for what can be fetched or made again, absolute; it need not exist: `$XDG_CACHE_HOME/gradus` or
 * `~/.cache/gradus`, on macOS `~/Library/Caches/gradus`, on Windows `%LOCALAPPDATA%\gradus\Cache`.
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const { join, isAbsolute } = platform === "win32" ? path.win32 : path.posix;
  if (platform === "win32") return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "gradus", "Cache");
  if (platform === "darwin") return join(home, "Library", "Caches", "gradus");
  // The XDG base directory specification: a relative path is invalid and to be ignored.
  const cache = env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : join(home, ".cache");
  return join(cache, "gradus");
}
