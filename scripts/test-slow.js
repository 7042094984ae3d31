// `npm run test:slow`: what the slow tests need, then the slow tests. Arguments go to Vitest.
import { installPeers } from "./peers.js";

const [chosen = "onnx"] = process.argv.slice(2);
// Exported models are proven by ONNX Runtime itself.
if ("tests/slow/onnx.test.ts".includes(chosen)) await installPeers("test:slow");
process.argv.splice(2, 0, "--config", "vitest.slow.config.ts");
await import("./test.js");
