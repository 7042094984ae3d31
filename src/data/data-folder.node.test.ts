import path from "node:path";
import { expect, test } from "vitest";
import { dataFolder } from "./data-folder.node.ts";

test.each([
  ["Linux", {}, "linux", "/home/ada", "/home/ada/.cache/gradus"],
  ["Linux with XDG_CACHE_HOME", { XDG_CACHE_HOME: "/big/cache" }, "linux", "/home/ada", "/big/cache/gradus"],
  [
    "Linux with a relative XDG_CACHE_HOME",
    { XDG_CACHE_HOME: "cache" },
    "linux",
    "/home/ada",
    "/home/ada/.cache/gradus",
  ],
  ["macOS", { XDG_CACHE_HOME: "/big/cache" }, "darwin", "/Users/ada", "/Users/ada/Library/Caches/gradus"],
  ["Windows", { LOCALAPPDATA: "D:\\Local" }, "win32", "C:\\Users\\ada", "D:\\Local\\gradus\\Cache"],
  ["Windows without LOCALAPPDATA", {}, "win32", "C:\\Users\\ada", "C:\\Users\\ada\\AppData\\Local\\gradus\\Cache"],
  ["GRADUS_DATA", { GRADUS_DATA: "/course/data", XDG_CACHE_HOME: "/big" }, "linux", "/home/ada", "/course/data"],
  ["an empty GRADUS_DATA", { GRADUS_DATA: "" }, "linux", "/home/ada", "/home/ada/.cache/gradus"],
  ["GRADUS_DATA on Windows", { GRADUS_DATA: "E:\\data" }, "win32", "C:\\Users\\ada", "E:\\data"],
] as const)("%s", (_, env, platform, home, folder) => {
  expect(dataFolder(env, platform, home)).toBe(folder);
});

test("a relative GRADUS_DATA counts from the current folder", () => {
  expect(dataFolder({ GRADUS_DATA: "data" }, "linux", "/home/ada")).toBe(path.posix.resolve("data"));
});
