import { signal } from "@preact/signals";

/** Where the page is: everything a person has chosen to see, so that a reload and a link show the same. */
export interface Address {
  /** `runs`, `run`, `compare`, `experiments`, `experiment`, `new` */
  readonly page: string;
  /** The id of what is shown, where the page shows one thing. */
  readonly id: string;
  readonly choices: URLSearchParams;
}

export const address = signal(read());

/** Writes of the location that may follow each other, and milliseconds until there is one more: Safari allows a hundred in half a minute. */
const mostAtOnce = 20;
const refill = 400;

const writer = createWriter();

addEventListener("hashchange", () => {
  writer.drop();
  address.value = read();
});

/** `#/run/ID?metric=loss` */
function read(): Address {
  const [path, query = ""] = location.hash.slice(1).split("?", 2);
  const [, page = "", id = ""] = path.split("/");
  return { page: page === "" ? "runs" : page, id: decode(id), choices: new URLSearchParams(query) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The link to a page. */
export function link(page: string, id = "", choices: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(choices).toString();
  return `#/${page}${id === "" ? "" : `/${encodeURIComponent(id)}`}${query === "" ? "" : `?${query}`}`;
}

/** Changes what is chosen on this page, in place: undefined or "" takes a choice away. */
export function choose(changes: Readonly<Record<string, string | undefined>>): void {
  const { page, id, choices } = address.value;
  const next = new URLSearchParams(choices);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") next.delete(name);
    else next.set(name, value);
  }
  address.value = { page, id, choices: next };
  writer.write(link(page, id, Object.fromEntries(next)));
}

/** Writes the location, and while a hand drags on only now and then, its last place for certain. */
function createWriter() {
  let left = mostAtOnce;
  let counted = 0;
  let waiting: { readonly hash: string; readonly over: string } | undefined;
  const replace = (hash: string) => {
    left -= 1;
    history.replaceState(null, "", hash);
  };
  const due = () => {
    const next = waiting;
    waiting = undefined;
    // Who has followed a link meanwhile is elsewhere.
    if (next?.over === location.hash) replace(next.hash);
  };
  return {
    write(hash: string) {
      const now = performance.now();
      left = Math.min(mostAtOnce, left + (now - counted) / refill);
      counted = now;
      if (waiting === undefined && left >= 1) replace(hash);
      else {
        if (waiting === undefined) setTimeout(due, refill);
        waiting = { hash, over: location.hash };
      }
    },
    drop() {
      waiting = undefined;
    },
  };
}

export function go(to: string): void {
  location.hash = to;
}
