import { useEffect, useState } from "preact/hooks";
import { ask, type Refusal } from "./ask.ts";

/** What the server says at a path, asked anew whenever the path or `version` changes; undefined until then. */
export interface Loaded<T> {
  readonly value?: T;
  readonly refusal?: Refusal;
}

export function useLoaded<T>(path: string | undefined, version: unknown = ""): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T> & { readonly path?: string }>({});
  useEffect(() => {
    if (path === undefined) return;
    let isWanted = true;
    ask<T>(path).then(
      (value) => isWanted && setLoaded({ value, path }),
      (refusal) => isWanted && setLoaded({ refusal, path }),
    );
    return () => {
      isWanted = false;
    };
  }, [path, version]);
  return loaded.path === path ? loaded : {};
}
