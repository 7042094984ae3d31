/** One number in a list for each member of a population. */
type List = Float64Array;

/**
 * A kernel in WGSL. Its `body` runs once a lane of a group of 256: `group` and `lane` are its place, `i` is its number among all.
 * In the text `$name` is a count or a number that it is given, `$name(p)` the entry of a list, `$row(j)` a row number, and
 * `name[...]` an entry of a tensor.
 */
export interface Kernel<
  Buffers extends string = string,
  Counts extends string = string,
  Numbers extends string = string,
  Lists extends string = string,
> {
  readonly name: string;
  /** Tensors that it writes, and those that it only reads; the same memory may stand for one of each. */
  readonly written: readonly Buffers[];
  readonly read: readonly Buffers[];
  /** Buffers of whole numbers among them; all others hold f32. */
  readonly whole?: readonly Buffers[];
  readonly counts: readonly Counts[];
  readonly numbers?: readonly Numbers[];
  readonly lists?: readonly Lists[];
  /** Declarations outside the body. */
  readonly functions?: string;
  readonly body: string;
  /** Lanes of a group where they are not 256. */
  readonly lanes?: number;
}

/** What a kernel is given. */
export type Arguments<K extends Kernel> =
  K extends Kernel<infer Buffers, infer Counts, infer Numbers, infer Lists>
    ? { readonly [name in Buffers]: GPUBuffer } & { readonly [name in Counts | Numbers]: number } & {
        readonly [name in Lists]: List;
      } & { readonly rows?: Uint32Array }
    : never;

/** Declares a kernel: its names are part of its type, and so of what it must be given. */
export function kernel<
  const Buffers extends string,
  const Counts extends string,
  const Numbers extends string = never,
  const Lists extends string = never,
>(of: Kernel<Buffers, Counts, Numbers, Lists>): Kernel<Buffers, Counts, Numbers, Lists> {
  return of;
}

/** Lanes of a group. */
export const LANES = 256;

// What a kernel is given beside tensors is one run of 32-bit words: the length of its lists, counts, numbers, lists, row numbers.

/** Writes what a kernel is given beside tensors; returns how many words that is. */
export function packArguments(
  words: Uint32Array, // written
  floats: Float32Array, // the same memory
  at: number, // the first word
  { counts, numbers = [], lists = [] }: Kernel,
  given: Readonly<Record<string, unknown>>,
): number {
  let end = at + 1;
  for (const name of counts) words[end++] = given[name] as number;
  for (const name of numbers) floats[end++] = given[name] as number;
  words[at] = lists.length === 0 ? 0 : (given[lists[0]] as List).length;
  for (const name of lists) {
    const list = given[name] as List;
    floats.set(list, end);
    end += list.length;
  }
  const rows = given.rows as Uint32Array | undefined;
  if (rows !== undefined) words.set(rows, end);
  return end + (rows?.length ?? 0) - at;
}

/** Words that `packArguments` writes. */
export function argumentWords(
  { counts, numbers = [], lists = [] }: Kernel,
  given: Readonly<Record<string, unknown>>,
): number {
  const listed = lists.reduce((sum, name) => sum + (given[name] as List).length, 0);
  return 1 + counts.length + numbers.length + listed + ((given.rows as Uint32Array | undefined)?.length ?? 0);
}

/** Which tensors of a call lie in the memory of another that is written: WebGPU binds such memory once. */
export function aliasesOf(
  { written, read }: Kernel,
  given: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  const names = [...written, ...read];
  for (const [place, name] of names.entries()) {
    const twin = written.find((other, at) => at < place && given[other] === given[name]);
    if (twin !== undefined) aliases.set(name, twin);
  }
  return aliases;
}

/** The tensors that are bound, in their order, from binding 1 on. */
export function boundNames({ written, read }: Kernel, aliases: ReadonlyMap<string, string>): string[] {
  return [...written, ...read].filter((name) => !aliases.has(name));
}

/** The whole WGSL of a kernel. */
export function sourceOf(of: Kernel, aliases: ReadonlyMap<string, string>): string {
  const { written, whole = [], counts, numbers = [], lists = [], functions = "", body, lanes = LANES } = of;
  const first = 1 + counts.length + numbers.length;
  const bindings = boundNames(of, aliases).map((name, at) => {
    const access = written.includes(name) ? "read_write" : "read";
    return `@group(0) @binding(${at + 1}) var<storage, ${access}> ${name}: array<${whole.includes(name) ? "u32" : "f32"}>;`;
  });
  const listFunctions = lists.map(
    (name, at) => `fn list_${name}(p: u32) -> f32 { return bitcast<f32>(words[${first}u + ${at}u * words[0] + p]); }`,
  );
  const words = new Map<string, string>([
    ...counts.map((name, at) => [name, `words[${1 + at}]`] as const),
    ...numbers.map((name, at) => [name, `bitcast<f32>(words[${1 + counts.length + at}])`] as const),
    ...lists.map((name) => [name, `list_${name}`] as const),
    ["row", "row_number"],
  ]);
  const filled = (text: string) =>
    text
      .replace(/\$([a-zA-Z0-9]+)/g, (_, name: string) => {
        const word = words.get(name);
        if (word === undefined) throw new RangeError(`${of.name}: $${name} is not declared`);
        return word;
      })
      .replace(/\b([a-zA-Z0-9]+)\[/g, (whole, name: string) => (aliases.has(name) ? `${aliases.get(name)}[` : whole));
  return `
@group(0) @binding(0) var<storage, read> words: array<u32>;
${bindings.join("\n")}
${listFunctions.join("\n")}
fn row_number(j: u32) -> u32 { return words[${first}u + ${lists.length}u * words[0] + j]; }
// By their bits: a compiler may take a number for finite.
fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
fn isFinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) < 0x7f800000u; }
fn notANumber() -> f32 { return bitcast<f32>(words[0] | 0x7fc00000u); }
${filled(functions)}
@compute @workgroup_size(${lanes})
fn main(
  @builtin(workgroup_id) place: vec3<u32>,
  @builtin(num_workgroups) extent: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = place.x + place.y * extent.x;
  let i = group * ${lanes}u + lane;
${filled(body)}
}
`;
}
