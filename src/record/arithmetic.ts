import type { DeviceDescription } from "./event.ts";

/** Whether a device's products round once or twice. Before 0.2.0 a run told it in the words of `details` alone. */
export function arithmeticOf({ arithmetic, details }: DeviceDescription): NonNullable<DeviceDescription["arithmetic"]> {
  return arithmetic ?? (details.includes("fused multiply-add") ? "fused" : "separate");
}
