import { address, choose } from "../address.ts";
import { bundledSets } from "./bundled-sets.ts";
import type { PickedFiles } from "./image-source.ts";
import type { Looks } from "./look-messages.ts";
import type { DataChoice } from "./page-spec.ts";

interface DataSetsProps {
  readonly chosen: DataChoice;
  readonly picked: PickedFiles;
  readonly onPick: (picked: PickedFiles) => void;
  readonly images: Looks["images"] | undefined;
}

const others = [
  {
    name: "cifar-10",
    about: "60,000 pictures in colour: its .bin files, or those of the gradus serve that shows this page",
  },
  {
    name: "mnist",
    about: "70,000 handwritten digits: its four files, or those of the gradus serve that shows this page",
  },
  {
    name: "files",
    about:
      ".npz, CSV, idx, .mat, pickle, CIFAR .bin, also packed with gzip; or a folder of PNGs: a folder a class in it, or a table of labels",
  },
];

/** What is trained on. */
export function DataSets({ chosen, picked, onPick, images }: DataSetsProps) {
  const pick = async (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    if (files.length === 0) return;
    onPick(new Map(files.map((file) => [file.webkitRelativePath || file.name, file])));
    // Settings that name other files would name what is not there.
    choose({ data: kindOf(files) });
  };
  return (
    <section class="sets" aria-label="Data">
      <fieldset>
        <legend>Data</legend>
        {[...bundledSets, ...others].map(({ name, about }) => (
          <label key={name} title={about} class={name === chosen.name ? "chosen" : ""}>
            <input type="radio" name="data" checked={name === chosen.name} onChange={() => chooseData(name)} />
            {name === "files" ? "your own files" : name}
          </label>
        ))}
        <p class="note">{[...bundledSets, ...others].find(({ name }) => name === chosen.name)?.about}</p>
        {chosen.kind === "bundled" ? null : (
          <>
            <label class="file">
              Files
              <input type="file" multiple onChange={({ currentTarget }) => void pick(currentTarget)} />
            </label>
            {chosen.kind === "files" ? (
              <label class="file">
                or a folder
                <input
                  type="file"
                  {...{ webkitdirectory: true }}
                  onChange={({ currentTarget }) => void pick(currentTarget)}
                />
              </label>
            ) : null}
          </>
        )}
        {chosen.kind !== "bundled" && picked.size > 0 ? <p class="note">picked: {some([...picked.keys()])}</p> : null}
        {images === undefined ? null : (
          <p class="note">
            {["to train on", "to validate", "to test"]
              .map((what, part) => `${images.counts[part].toLocaleString("en-US")} ${what}`)
              .join(", ")}
            ; {images.classes.length} classes: {some(images.classes)}
          </p>
        )}
      </fieldset>
    </section>
  );
}

/** Published files are known by their names. */
function kindOf(files: readonly File[]): string {
  if (files.some(({ name }) => /^data_batch_\d\.bin$/.test(name))) return "cifar-10";
  return files.some(({ name }) => name === "train-images-idx3-ubyte") ? "mnist" : "files";
}

/** Another set has other settings: what was changed of the last one's goes. */
function chooseData(name: string): void {
  const set = [...address.value.choices.keys()].filter((key) => key.startsWith("set."));
  choose({ ...Object.fromEntries(set.map((key) => [key, undefined])), data: name });
}

function some(names: readonly string[]): string {
  return names.length <= 12 ? names.join(", ") : `${names.slice(0, 10).join(", ")}, …`;
}
