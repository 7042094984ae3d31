import { createInterface } from "node:readline";

/** What one request measured. */
export interface Timed {
  /** For all of the units asked for; the clock is read once before and once after. */
  readonly microseconds: number;
  /** A number that shows that the right thing was computed, a loss mostly; NaN where there is none. */
  readonly value: number;
}

/** Does `count` units of work. */
export type Work = (count: number) => Promise<Timed>;

/**
 * The contestant's end of a pipe (`contestant.ts` is the other): says `ready` and what it is, then answers each line
 * `WORK COUNT` with `MICROSECONDS VALUE`, or with `failed` and why. Work is set up when it is first asked for.
 */
export async function serve(
  description: string,
  works: Readonly<Record<string, () => Work | Promise<Work>>>,
): Promise<void> {
  const ready = new Map<string, Work>();
  process.stdout.write(`ready ${description}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, count] = line.split(" ");
    try {
      const work = ready.get(name) ?? (await works[name]());
      ready.set(name, work);
      const { microseconds, value } = await work(Number(count));
      process.stdout.write(`${microseconds} ${value}\n`);
    } catch (error) {
      process.stdout.write(`failed ${oneLine(error)}\n`);
    }
  }
  process.exit(); // whatever threads a library has left
}

/** Says why a contestant cannot take part, and ends. */
export function withdraw(error: unknown): never {
  process.stdout.write(`failed ${oneLine(error)}\n`);
  process.exit(1);
}

/** Microseconds since `began`, a `performance.now()`. */
export function microsecondsSince(began: number): number {
  return (performance.now() - began) * 1000;
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll("\n", " ");
}
