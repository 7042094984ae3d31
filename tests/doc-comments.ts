/** A key of an object of a schema, with the comment above it. */
export interface CommentedKey {
  readonly key: string;
  readonly line: number;
  readonly comment?: string;
}

/** The keys of every `strictObject({ ... })`, and of every `const name = { ... }` that is spread into one. */
export function commentedKeys(source: string): CommentedKey[] {
  const keys: CommentedKey[] = [];
  /** What each bracket is that is open: whether it holds keys of a spec, and whether one may begin here. */
  const open: { holdsKeys: boolean; mayBegin: boolean }[] = [];
  let comment: string | undefined;
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at);
    const skipped = rest.match(/^(\/\/[^\n]*|\/\*\*[\s\S]*?\*\/|"(?:\\.|[^"])*"|'(?:\\.|[^'])*'|\s+)/)?.[0];
    const inside = open.at(-1);
    if (skipped !== undefined) {
      if (skipped.startsWith("/**")) comment = skipped.slice(3, -2).trim().replace(/\s+/g, " ");
      at += skipped.length;
      continue;
    }
    const name = rest.match(/^\w+/)?.[0];
    if (name !== undefined) {
      if (inside?.holdsKeys && inside.mayBegin) {
        const line = source.slice(0, at).split("\n").length;
        keys.push({ key: name, line, ...(comment === undefined ? {} : { comment }) });
        inside.mayBegin = false;
      }
      comment = undefined;
      at += name.length;
      continue;
    }
    const before = source.slice(0, at);
    if (rest[0] === "{") {
      open.push({ holdsKeys: /(strictObject\(|^const \w+ = )$/m.test(before.slice(-60)), mayBegin: true });
    } else if (rest[0] === "(" || rest[0] === "[") open.push({ holdsKeys: false, mayBegin: false });
    else if (/[)}\]]/.test(rest[0])) open.pop();
    else if (rest[0] === "," && inside !== undefined) inside.mayBegin = true;
    else if (rest.startsWith("...") && inside !== undefined) inside.mayBegin = false;
    at += rest.startsWith("...") ? 3 : 1;
  }
  return keys;
}
