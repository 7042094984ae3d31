import { stream } from "../math/random/stream.ts";
import { type Sampler, settingAt } from "./space.ts";

/** Independent and uniform (Bergstra and Bengio 2012): what every other sampler has to beat. */
export const random: Sampler = (space, trials, seed) =>
  settingAt(space, stream(seed, "search.random", trials.length).random(Object.keys(space).length));
