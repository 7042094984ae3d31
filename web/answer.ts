import { useEffect, useState } from "preact/hooks";

/** What was answered, or why not; neither while it is asked for. */
export interface Answer<T, R = unknown> {
  readonly value?: T;
  readonly refusal?: R;
}

/**
 * Asks whenever `key` or `version` changes; nothing where the key is undefined. An answer stands for its key: of another version it
 * stays until the new one has come.
 */
export function useAnswer<T, R = unknown>(
  key: string | undefined,
  ask: () => Promise<T>,
  version: unknown = "",
): Answer<T, R> {
  const [answer, setAnswer] = useState<Answer<T, R> & { readonly key?: string }>({});
  useEffect(() => {
    if (key === undefined) return;
    let isWanted = true;
    ask().then(
      (value) => isWanted && setAnswer({ value, key }),
      (refusal: R) => isWanted && setAnswer({ refusal, key }),
    );
    return () => {
      isWanted = false;
    };
  }, [key, version]);
  return answer.key === key ? answer : {};
}
