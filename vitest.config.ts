import { defineConfig } from "vitest/config";

export default defineConfig({
  // `import "gradus"` reaches the sources, in the tests as in tsconfig.json and in `node --conditions=gradus-source`.
  ssr: { resolve: { conditions: ["gradus-source", "node"] } },
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts", "bench/*.test.ts"],
    exclude: ["tests/slow/**", "**/node_modules/**"],
    globalSetup: "tests/global-setup.ts",
    // Vitest leaves a core to itself; most tests wait for programs that they start.
    maxWorkers: 2,
    // A process for each of two hundred files, which loads everything again, took a third of the time.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
