import type { Split } from "../../src/data/splits.ts";
import { checkGradients } from "../../src/gradcheck/check.ts";
import { openScope } from "../../src/math/scope.ts";
import { createPageDevice } from "../../src/math/select.browser.ts";
import { classify } from "../../src/model/classify.ts";
import { decodeModel } from "../../src/model/decode-model.ts";
import type { Model } from "../../src/model/model.ts";
import { modelOf } from "../../src/model/model-of.ts";
import { encodeNpz } from "../../src/model/npz.ts";
import { encodeOnnx } from "../../src/model/onnx.ts";
import { writtenSpecSchema } from "../../src/record/left-out.ts";
import { parseSpec } from "../../src/record/parse-spec.ts";
import type { Spec } from "../../src/record/spec.ts";
import { gradientTable } from "../../src/report/gradient-table.ts";
import type { Weights } from "../../src/train/weights.ts";
import { failureMessage } from "../../src/worker/messages.ts";
import { breakages } from "./breakages.ts";
import { loadImages, type PickedFiles } from "./image-source.ts";
import type { CheckRequest, LookAnswer, LookRequest, Looks } from "./look-messages.ts";
import { gridBytes } from "./plane.ts";
import { tinyNumbers } from "./tiny-network.ts";

let loaded: { readonly key: string; readonly split: Promise<Split> } | undefined;

/** What a worker does that looks at what another one trains: it knows specs, reads images, asks networks, checks gradients. */
export function lookHere(): void {
  addEventListener(
    "message",
    ({ data: { number, request } }: MessageEvent<{ number: number; request: LookRequest }>) => {
      void answerTo(request)
        .then(
          (answer): LookAnswer => ({ number, answer }),
          (error): LookAnswer => ({ number, failure: failureMessage(error) }),
        )
        .then((answer) => postMessage(answer));
    },
  );
}

async function answerTo(request: LookRequest): Promise<Looks[LookRequest["kind"]]> {
  switch (request.kind) {
    case "schema":
      return writtenSpecSchema();
    case "spec":
      return parseSpec(request.written);
    case "tiny":
      return await tinyNumbers(request.network, request.settings);
    case "convert": {
      const model = await decodeModel(request.model, "model.safetensors");
      return request.format === "onnx" ? encodeOnnx(model) : encodeNpz(model);
    }
    case "images":
      return describe(await imagesOf(request.spec, request.picked));
    case "surface":
      return await ask(await modelFor(request), gridBytes);
    case "answers": {
      const { test } = await imagesOf(request.spec, request.picked);
      return {
        probabilities: await ask(
          await decodeModel(request.model, "model.safetensors"),
          test.images.subarray(0, test.count * test.dimension),
        ),
        labels: test.labels.slice(0, test.count),
        classes: test.classes,
      };
    }
    case "gradients":
      return await check(request);
  }
}

function imagesOf(spec: Spec, picked: PickedFiles): Promise<Split> {
  const { dataset, split: division } = spec.data;
  const files = [...picked].map(([name, file]) => [name, file.size, file instanceof File ? file.lastModified : 0]);
  const key = JSON.stringify([dataset, division, files]);
  if (loaded?.key === key) return loaded.split;
  const split = loadImages(spec, picked);
  loaded = { key, split };
  // What was missing may be there when it is asked for again.
  split.catch(() => {
    if (loaded?.split === split) loaded = undefined;
  });
  return split;
}

function describe({ train, validation, test }: Split) {
  const { dimension, shape, classes } = train;
  const points =
    dimension !== 2 ? undefined : { bytes: train.images.slice(0, 1200), labels: train.labels.slice(0, 600) };
  return { counts: [train, validation, test].map(({ count }) => count), dimension, shape, classes, points };
}

async function modelFor({
  spec,
  picked,
  weights,
}: {
  spec: Spec;
  picked: PickedFiles;
  weights: Weights;
}): Promise<Model> {
  const { train } = await imagesOf(spec, picked);
  return modelOf(spec, train, weights, spec.dtype ?? "f32");
}

async function ask(model: Model, images: Uint8Array) {
  const device = await createPageDevice("wasm", model.dtype, { threads: 1 });
  const scope = openScope(device);
  try {
    return await classify(model, images, scope.device);
  } finally {
    scope.free();
    device.close();
  }
}

async function check({ options, breakage }: CheckRequest) {
  const device = await createPageDevice("wasm", "f64", { threads: 1 });
  try {
    const broken = breakages.find(({ id }) => id === breakage)?.broken(device) ?? device;
    const checked = await checkGradients(broken, options);
    return { table: gradientTable(checked), passed: checked.passed, parameters: checked.parameters };
  } finally {
    device.close();
  }
}
