import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** The page's main part, which is focused where a link has led, that a reader of the screen hears it; not at the first page. */
export function useFocusAt(page: string): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
    scrollTo(0, 0);
  }, [page]);
  return main;
}
