// A WebAssembly module written byte by byte, so that nothing but the engine's own compiler stands between it and the
// processor: run(turns) adds `sums` products of vectors to as many sums, `turns` times.

const [typeSection, functionSection, exportSection, codeSection] = [1, 3, 7, 10];
const [i32, f32, v128] = [0x7f, 0x7d, 0x7b];
const vector = (instruction: number) => [0xfd, ...unsigned(instruction)];
const splat = vector(19);
const extractLane0 = [...vector(31), 0];
const add = vector(228);
const multiply = vector(230);
const relaxedMultiplyAdd = vector(261);
const [localGet, localSet, localTee, constant] = [0x20, 0x21, 0x22, 0x41];
const float = (value: number) => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)];

export function fmaModule(sums: number, relaxed: boolean): Uint8Array<ArrayBuffer> {
  const [turns, a, b, first] = [0, 1, 2, 3]; // local 0 is the parameter
  const each = <T>(make: (sum: number) => T[]) => Array.from({ length: sums }, (_, i) => make(first + i)).flat();
  const body = [
    ...[...float(0.9), ...splat, localSet, a, ...float(1e-3), ...splat, localSet, b],
    ...each((sum) => [...float(1 + sum), ...splat, localSet, sum]),
    ...[0x03, 0x40], // loop
    ...each(
      (sum) =>
        relaxed
          ? [localGet, a, localGet, b, localGet, sum, ...relaxedMultiplyAdd, localSet, sum] // sum + a b
          : [localGet, sum, localGet, a, ...multiply, localGet, b, ...add, localSet, sum], // sum a + b
    ),
    ...[localGet, turns, constant, 1, 0x6b, localTee, turns, 0x0d, 0, 0x0b], // until --turns is 0
    ...[...float(0), ...splat],
    ...each((sum) => [localGet, sum, ...add]),
    ...extractLane0,
    0x0b, // end
  ];
  const locals = [1, ...unsigned(2 + sums), v128];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic and version
    ...section(typeSection, [1, 0x60, 1, i32, 1, f32]),
    ...section(functionSection, [1, 0]),
    ...section(exportSection, [1, 3, ...Buffer.from("run"), 0, 0]),
    ...section(codeSection, [1, ...sized([...locals, ...body])]),
  ]);
}

function section(id: number, content: number[]): number[] {
  return [id, ...sized(content)];
}

function sized(content: number[]): number[] {
  return [...unsigned(content.length), ...content];
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >> 7)];
}
