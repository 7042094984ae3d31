import type { Spec, SpecInput } from "../record/spec.ts";
import { findExperiment, findPublished } from "./catalogue.ts";
import type { Experiment, Published } from "./experiment.ts";
import { type Departure, departuresFrom } from "./verdict.ts";

/** Which published experiment a run is, or is a changed copy of. */
export interface Identity {
  readonly published: Published;
  /** The experiment as `gradus train ID` trains it; absent for a search. */
  readonly experiment?: Experiment;
  /** In what the run is not the experiment's: [] where it is the experiment itself. */
  readonly departures: readonly Departure[];
}

/** What is asked of a run to tell. */
interface Claimant {
  readonly spec: Spec;
  /** The experiment by whose id it was begun. */
  readonly experiment?: string | undefined;
  readonly fork?: { readonly run: string; readonly step: number } | undefined;
}

/**
 * The experiment that a run was begun as or, where that is not known, the one whose id its spec bears: a claim that its
 * settings bear out or not. Undefined for a run that claims nothing.
 */
export function identityOf({ spec, experiment: id = spec.name, fork }: Claimant): Identity | undefined {
  const published = findPublished(id);
  if (published === undefined) return undefined;
  const compared = protocolsOf(published).map((protocol) => departuresFrom(protocol, spec));
  if (compared.length === 0) return undefined;
  const nearest = compared.reduce((a, b) => (b.length < a.length ? b : a));
  const branch = fork && { key: "fork", published: undefined, taken: `${fork.run} after update ${fork.step}` };
  const experiment = findExperiment(id);
  return {
    published,
    ...(experiment === undefined ? {} : { experiment }),
    departures: branch === undefined ? nearest : [...nearest, branch],
  };
}

const known = new WeakMap<Published, readonly SpecInput[]>();

/** The specs of all trainings of an experiment: computed once, for a list may have hundreds of a search's. */
function protocolsOf(published: Published): readonly SpecInput[] {
  const protocols =
    known.get(published) ??
    published.variants.flatMap((variant) => {
      if (variant.kind === "training") return [variant.spec];
      return variant.kind === "search" ? variant.trials : [];
    });
  known.set(published, protocols);
  return protocols;
}

/** `identityOf` for the runs of a list: those that differ in nothing but their seed are compared once. */
export function identifier(): typeof identityOf {
  const identities = new Map<string, Identity | undefined>();
  return (claimant) => {
    const { spec, experiment, fork } = claimant;
    const key = JSON.stringify([{ ...spec, seed: 0 }, experiment, fork]);
    if (!identities.has(key)) identities.set(key, identityOf(claimant));
    return identities.get(key);
  };
}

/** `003-E3`, and of a changed copy `003-E3*`. */
export function identityName({ published: { id }, departures }: Identity): string {
  return departures.length === 0 ? id : `${id}*`;
}

/** `003-E3*, which has training.epochs 1 for absent`; undefined for an experiment as it was published. */
export function changesText(identity: Identity): string | undefined {
  if (identity.departures.length === 0) return undefined;
  const changes = identity.departures.map(({ key, published, taken }) =>
    published === undefined ? `${key} ${taken}` : `${key} ${taken ?? "absent"} for ${published}`,
  );
  return `${identityName(identity)} has ${changes.join(", ")}`;
}

/** In what a run is not the experiment's, as JSON shows it; nothing for what is no changed copy. */
export function departuresOf(run: Claimant, identify = identityOf): { readonly departures?: readonly Departure[] } {
  const { departures = [] } = identify(run) ?? {};
  return departures.length === 0 ? {} : { departures };
}

/** What a list shows beside runs: which of them are changed copies, and of what; `name` is what the list calls them. */
export function copyNotes<T extends Claimant>(
  runs: readonly T[],
  name: (run: T, index: number) => string,
  identify = identifier(),
): string[] {
  return runs.flatMap((run, index) => {
    const identity = identify(run);
    const text = identity && changesText(identity);
    return text === undefined ? [] : [`${name(run, index)}: ${text}`];
  });
}
