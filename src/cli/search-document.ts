import { findExperiment, findPublished } from "../experiments/catalogue.ts";
import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { nameOfStudy, readStudy, requireStudy } from "../lab/kept-studies.ts";
import { publishedStudy } from "../lab/published-study.ts";
import { conclusion } from "../search/conclusion.ts";
import { narrowed } from "../search/narrow.ts";
import { parseSearch, type SearchDocument, type SearchInput, type Stage } from "../search/search-document.ts";
import type { Store } from "../store/store.ts";
import { applyChange, changesOf, readFileSpec, type SpecFlags } from "./read-spec.ts";
import { enqueued, objectivesOf, prunerOf, varied } from "./search-flags.ts";

export interface SearchFlags extends SpecFlags {
  readonly vary?: readonly string[];
  readonly random?: number;
  readonly sobol?: number;
  readonly tpe?: number;
  readonly gaussianProcess?: number;
  readonly cmaEs?: number;
  readonly seeds?: number;
  readonly folds?: number;
  readonly prune?: string;
  readonly objectives?: string;
  readonly enqueue?: readonly string[];
  readonly top?: number;
  readonly name?: string;
  readonly fork?: string;
  readonly refine?: string;
}

/**
 * The search that a command line means: a document's, one made of flags, a study's that is there, or a finer one of it.
 * @throws Fault
 */
export async function searchOf(store: Store, source: string | undefined, flags: SearchFlags): Promise<SearchDocument> {
  if (flags.refine !== undefined) return await refined(store, flags.refine, source, flags);
  if (source === undefined) {
    throw new Fault("usage", "search", "no search is named", "give a file, or a spec and --vary, --refine or --final");
  }
  const study = await readStudyNamed(store, source);
  if (study !== undefined) {
    if (flags.vary === undefined && samplerOf(flags) === undefined) return await completed(study, flags, true);
    const complaint = `${source} is a study: it goes on with what it varies and how`;
    throw new Fault(
      "usage",
      "search",
      complaint,
      "search its spec, with --name ANOTHER; or leave out --vary and samplers",
    );
  }
  const known = findExperiment(source)?.spec ?? searchExperiment(source);
  const input = (known ?? (await readNamed(store, source))) as Record<string, unknown>;
  const isSearch = "vary" in input || "stages" in input;
  if (!isSearch && flags.vary === undefined) {
    const remedy = `say what to vary: gradus search ${source} --vary training.lambda=log:1e-5..1e-1:8`;
    throw new Fault("usage", "--vary", `${source} is a spec, and nothing is varied`, remedy);
  }
  const document = isSearch ? input : { spec: input, vary: {}, stages: [{ sampler: { kind: "grid" } }] };
  return await completed(document, flags, isSearch);
}

/** What a file holds. @throws Fault `usage` where nothing has the name, with the study of the nearest */
async function readNamed(store: Store, source: string): Promise<unknown> {
  try {
    return await readFileSpec(source);
  } catch (error) {
    const studies = (await store.logs({ kind: "study" })).map(({ log }) => nameOfStudy(log));
    const near = nearest(source, studies);
    if (near === undefined || !(error instanceof Fault) || error.code !== "usage") throw error;
    const complaint = `neither a file, an experiment nor a study; did you mean the study "${near}"?`;
    throw new Fault("usage", source, complaint, `\`gradus search ${near}\` goes on with it`, { cause: error });
  }
}

async function readStudyNamed(store: Store, name: string): Promise<SearchDocument | undefined> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name) || findExperiment(name) !== undefined) return undefined;
  return (await readStudy(store, name))?.state.document;
}

/** Of an experiment that is itself a search, as `002-E4` or `001-E4-as-reported`, the list of its trials. */
function searchExperiment(source: string): SearchInput | undefined {
  const [, id, protocol] = /^(.*?)(?:-(as-intended|as-reported))?$/.exec(source) ?? [];
  const published = findPublished(id);
  const variant = published?.variants.find(({ name }) => name === (protocol ?? "as-intended"));
  if (published === undefined || variant?.kind !== "search") return undefined;
  const study = publishedStudy(published, variant, 1);
  return protocol === undefined ? { ...study, name: published.id } : study;
}

/** The document with the flags' values in it, its spec whole. */
async function completed(input: object, flags: SearchFlags, isSearch: boolean): Promise<SearchDocument> {
  const document = { ...input } as Record<string, unknown> & Partial<SearchInput>;
  let spec: unknown = document.spec;
  if (typeof spec === "string") spec = findExperiment(spec)?.spec ?? (await readFileSpec(spec));
  for (const change of changesOf(flags)) spec = applyChange(spec, change);
  const sampler = samplerOf(flags);
  const vary = flags.vary === undefined ? document.vary : Object.fromEntries(flags.vary.map(varied));
  if (isSearch && (flags.vary !== undefined || sampler !== undefined)) {
    throw new Fault("usage", "search", "the file says what is varied and how", "change the file, or search its spec");
  }
  return parseSearch({
    ...document,
    ...(spec === undefined ? {} : { spec }),
    ...(vary === undefined ? {} : { vary }),
    ...(sampler === undefined ? {} : { stages: [{ sampler }] }),
    ...(flags.enqueue === undefined ? {} : { enqueue: flags.enqueue.map(enqueued) }),
    ...(flags.seeds === undefined ? {} : { seeds: flags.seeds }),
    ...(flags.folds === undefined ? {} : { folds: flags.folds }),
    ...(flags.top === undefined ? {} : { top: flags.top }),
    ...(flags.objectives === undefined ? {} : { objectives: objectivesOf(flags.objectives) }),
    ...(flags.prune === undefined ? {} : { pruner: prunerOf(flags.prune) }),
    ...named(flags.fork ?? flags.name),
  });
}

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}

/** A study like `name`, in the range that its best trials leave. */
async function refined(
  store: Store,
  name: string,
  source: string | undefined,
  flags: SearchFlags,
): Promise<SearchDocument> {
  if (source !== undefined) {
    throw new Fault("usage", "--refine", `${source} is given beside a study to refine`, "leave out one of the two");
  }
  const { state } = await requireStudy(store, name);
  const { order } = conclusion(state);
  if (order.length === 0) {
    throw new Fault(
      "usage",
      name,
      "has no finished trials to narrow the range by",
      `gradus search ${name} goes on with it`,
    );
  }
  const { document, stages, trials } = state;
  const settings = order.slice(0, 3).map((number) => trials[number].setting);
  const last = stages[stages.length - 1];
  const vary = narrowed(last.space, settings, 0.5, trials.length);
  const sampler = samplerOf(flags) ?? document.stages[document.stages.length - 1].sampler;
  const refines = { study: name, trials: order.slice(0, 3), widen: 0.5 };
  const input = {
    ...document,
    vary,
    refines,
    enqueue: [],
    stages: [{ sampler: relisted(sampler) }],
    name: `${name}-fine`,
  };
  const { random: _r, sobol: _s, tpe: _t, gaussianProcess: _g, cmaEs: _c, vary: _v, ...others } = flags;
  return await completed(input, others, true);
}

/** A list cannot be refined: as many in its range instead. */
function relisted(sampler: Stage["sampler"]): Stage["sampler"] {
  return sampler.kind === "list" ? { kind: "sobol", trials: sampler.settings.length } : sampler;
}

function samplerOf(flags: SearchFlags): Stage["sampler"] | undefined {
  const samplers = (
    [
      ["random", flags.random],
      ["sobol", flags.sobol],
      ["tpe", flags.tpe],
      ["gaussian-process", flags.gaussianProcess],
      ["cma-es", flags.cmaEs],
    ] as const
  ).flatMap(([kind, trials]) => (trials === undefined ? [] : [{ kind, trials }]));
  if (samplers.length > 1) {
    throw new Fault("usage", `--${samplers[1].kind}`, `is given beside --${samplers[0].kind}`, "give one of the two");
  }
  return samplers[0];
}
