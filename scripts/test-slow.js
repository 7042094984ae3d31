// `npm run test:slow`: what the slow tests need, then the slow tests. Arguments go to Vitest.
process.argv.splice(2, 0, "--config", "vitest.slow.config.ts");
await import("./test.js");
