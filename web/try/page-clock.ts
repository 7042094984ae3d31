import type { Clock } from "./pace.ts";

/** The clock of this page. */
export const pageClock: Clock = {
  now: () => performance.now(),
  afterTask(then) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then();
    };
    port2.postMessage(undefined);
  },
  beforeFrame: (then) => void requestAnimationFrame(then),
};
