/** A spec as text that `gradus train` takes: JSON is YAML too. */
export function stringify(spec: unknown): string {
  return `${JSON.stringify(spec, undefined, 2)}\n`;
}
