import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["gradus-source"] },
  ssr: { resolve: { conditions: ["gradus-source", "node", "import", "default"] } },
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
