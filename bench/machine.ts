import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";

/** Where a benchmark ran, and with what. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** GiB */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  readonly v8: string;
  /** Environment variables that tell a BLAS how to compute. */
  readonly settings: Readonly<Record<string, string>>;
  /** Each contestant in its own words. */
  readonly contestants: readonly string[];
  /** ISO 8601 */
  readonly date: string;
}

export function thisMachine(contestants: readonly string[]): Machine {
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
    v8: process.versions.v8,
    settings: Object.fromEntries(
      Object.entries(process.env).flatMap(([name, value]) =>
        value !== undefined && /^(OPENBLAS|MKL|BLIS|VECLIB|OMP|GRADUS)_/.test(name) ? [[name, value]] : [],
      ),
    ),
    contestants,
    date: new Date().toISOString().slice(0, 10),
  };
}
