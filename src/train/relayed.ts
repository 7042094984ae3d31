/**
 * Passes on what a generator yields, each event when `hear` is done with it, and returns what it returns. However it ends,
 * also because `hear` throws or nobody listens any more, the generator is ended too: a thread would go on.
 */
export async function* relayed<Event, Result>(
  from: AsyncGenerator<Event, Result>,
  hear: (event: Event) => void | Promise<void>,
): AsyncGenerator<Event, Result> {
  try {
    for (;;) {
      const next = await from.next();
      if (next.done) return next.value;
      await hear(next.value);
      yield next.value;
    }
  } finally {
    await from.return(undefined as Result);
  }
}
