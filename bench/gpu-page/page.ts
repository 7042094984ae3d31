// What `bench/webgpu.ts` opens: shows, and says when it is done, how fast this browser trains on wasm and on webgpu.
import type { GpuRow } from "./worker.ts";

const output = document.querySelector("pre") as HTMLPreElement;
const rows: GpuRow[] = [];
const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
worker.onerror = ({ message }) => end(message);
worker.onmessage = ({ data }: MessageEvent<GpuRow | { readonly end: string }>) => {
  if ("end" in data) end(data.end);
  else show(data);
};

function show(row: GpuRow): void {
  rows.push(row);
  output.textContent += `${row.network.padEnd(18)} ${String(row.members).padStart(5)} x  ${row.device.padEnd(7)} ${row.result}\n`;
}

function end(how: string): void {
  output.textContent += `\n${how}\n`;
  output.dataset.done = JSON.stringify({ rows, end: how });
}
