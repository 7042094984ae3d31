/** Threads that a worker of this page can have: memory is shared only where the page is isolated from all other sites. */
export function pageThreads(): number {
  return globalThis.crossOriginIsolated === true ? Math.max(1, navigator.hardwareConcurrency) : 1;
}
