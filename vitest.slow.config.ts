import { defineConfig } from "vitest/config";
import usual from "./vitest.config.ts";

// `npm run test:slow`: what takes minutes. One file after the other: they kill processes and fill disks.
export default defineConfig({
  ...usual,
  test: {
    ...usual.test,
    include: ["tests/slow/**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
