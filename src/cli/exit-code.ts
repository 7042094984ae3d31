import type { FaultCode } from "../fault/fault.ts";

/** How the process ends, by kind of fault. 0 is success; 1 is a defect of Gradus itself. */
export const exitCodes: Readonly<Record<FaultCode, number>> = {
  usage: 2,
  spec: 3,
  data: 4,
  network: 5,
  device: 6,
  output: 7,
  diverged: 8,
  check: 9,
  store: 10,
  interrupted: 130,
};
