import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// libjpeg-turbo 2 in WebAssembly, as the package @cwasm/jpeg-turbo carries it. An instance serves one picture: what an error leaves
// behind in it is gone with it.

const require = createRequire(import.meta.url);
const module = new WebAssembly.Module(readFileSync(require.resolve("@cwasm/jpeg-turbo/jpeg-turbo.wasm")));

/** The calls that are used, of turbojpeg.h. Pointers are bytes in `memory`. */
interface TurboJpeg {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  tjInitDecompress(): number;
  tjDecompress2(
    handle: number,
    source: number,
    sourceBytes: number,
    target: number,
    width: number,
    pitch: number,
    height: number,
    format: number,
    flags: number,
  ): number;
}

/** TJPF_RGB and TJPF_GRAY. */
const formats = { 1: 6, 3: 0 } as const;

/**
 * The pixels one after the other, [height, width, channels], where the decoder left them; undefined for what is no such picture. May
 * trap, too. Of what it could decode to, an eighth of the size and so on, nothing is asked: rounded, it would be no area average.
 */
export function decodeJpeg(bytes: Uint8Array, width: number, height: number, channels: 1 | 3): Uint8Array | undefined {
  const turbo = new WebAssembly.Instance(module, imports).exports as unknown as TurboJpeg;
  const [source, target] = [turbo.malloc(bytes.length), turbo.malloc(width * height * channels)];
  const handle = turbo.tjInitDecompress();
  if (source === 0 || target === 0 || handle === 0) return undefined;
  new Uint8Array(turbo.memory.buffer).set(bytes, source);
  const pitch = width * channels;
  const status = turbo.tjDecompress2(handle, source, bytes.length, target, width, pitch, height, formats[channels], 0);
  const memory = new Uint8Array(turbo.memory.buffer);
  if (status !== 0) {
    memory.fill(0, source, source + bytes.length); // what a file says is no complaint of the decoder's
    if (!Buffer.from(memory.buffer).includes(padding)) return undefined;
  }
  return memory.subarray(target, target + height * pitch);
}

/**
 * The decoder's complaint, as its first one stands in its memory, of a last byte that holds nothing but padding (FF, and the 00 after
 * it): encoders in wide use write one where the pixels end with a byte.
 */
const padding = "Corrupt JPEG data: 2 extraneous bytes before marker 0xd9";

function none(): number {
  return 0;
}

/** Where C would jump out of a broken picture. */
function leave(): never {
  throw new RangeError("the picture is damaged");
}

const imports = {
  env: { setjmp: none, longjmp: leave },
  wasi_snapshot_preview1: {
    environ_sizes_get: none,
    environ_get: none,
    proc_exit: leave,
    fd_close: none,
    fd_seek: none,
    fd_write: none,
  },
};
