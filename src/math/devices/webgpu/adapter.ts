import { Fault } from "../../../fault/fault.ts";

/** What an adapter says of itself, as far as it is read. */
export type AdapterInfo = Pick<
  GPUAdapterInfo,
  "vendor" | "architecture" | "device" | "description" | "isFallbackAdapter"
>;

/**
 * The best adapter of `gpu`.
 * @throws Fault `device` where there is none; `remedy` says what helps here
 */
export async function requestAdapter(gpu: GPU | undefined, remedy: string): Promise<GPUAdapter> {
  if (gpu === undefined) throw new Fault("device", "device", "webgpu: there is no WebGPU here", remedy);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) throw new Fault("device", "device", "webgpu: no GPU that WebGPU can use was found", remedy);
  return adapter;
}

/**
 * Whether an adapter computes on the processor. It says so by `isFallbackAdapter`; one that does not is known by its name:
 * SwiftShader, Mesa's llvmpipe and lavapipe, Windows' WARP.
 */
export function isSoftware({ isFallbackAdapter, ...names }: AdapterInfo): boolean {
  if (isFallbackAdapter) return true;
  return /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i.test(namesOf(names).join(" "));
}

/** An adapter in words, the same for the same GPU and driver. */
export function adapterDetails(info: AdapterInfo): string {
  const names = namesOf(info);
  const words = names.length === 0 ? "an adapter without a name" : names.join(" ");
  return isSoftware(info) ? `${words}, in software on the processor` : words;
}

function namesOf({ vendor, architecture, device, description }: Omit<AdapterInfo, "isFallbackAdapter">): string[] {
  return [vendor, architecture, device, description].map((name) => name.trim()).filter((name) => name !== "");
}
