import type { Device, ImageSet, Tally, Tensor } from "./device.ts";

/** A device that remembers the memory taken through it, so that all of it can be returned at once. */
export interface Scope {
  readonly device: Device;
  /** Returns everything taken through `device` that was not returned yet. */
  free(): void;
}

/** What is made through a scope lives as long as the scope, and cannot be forgotten by whoever made it. */
export function openScope(device: Device): Scope {
  const allocations = new Set<Tensor | Tally>();
  const images = new Set<ImageSet>();
  const keep = <T extends Tensor | Tally>(memory: T): T => {
    allocations.add(memory);
    return memory;
  };
  return {
    device: {
      ...device,
      tensor: (...of) => keep(device.tensor(...of)),
      batch: (...of) => keep(device.batch(...of)),
      tally: (...of) => keep(device.tally(...of)),
      free(memory) {
        allocations.delete(memory);
        device.free(memory);
      },
      upload(...of) {
        const set = device.upload(...of);
        images.add(set);
        return set;
      },
      release(set) {
        images.delete(set);
        device.release(set);
      },
    },
    free() {
      for (const memory of allocations) device.free(memory);
      for (const set of images) device.release(set);
      allocations.clear();
      images.clear();
    },
  };
}
