import type { Tensor } from "../../src/math/device.ts";
import { createDevice } from "../../src/math/select.ts";
import { denseBackward, denseForward } from "../../src/nn/dense.ts";
import { penaltySlope } from "../../src/nn/l2.ts";
import { reluBackward, reluForward } from "../../src/nn/relu.ts";
import { softmaxCrossEntropyBackward, softmaxCrossEntropyForward } from "../../src/nn/softmax-cross-entropy.ts";
import { type TinyNetwork, type TinyNumbers, type TinySettings, tiny } from "./tiny.ts";

/** A forward and a backward pass, by the lab's own layers in float64. */
export async function tinyNumbers(
  network: TinyNetwork,
  { lambda }: Pick<TinySettings, "lambda">,
): Promise<TinyNumbers> {
  const device = await createDevice("reference");
  const { inputs, hidden, classes, examples: n } = tiny;
  const tensor = (rows: number, columns: number, values?: readonly number[]) => {
    const made = device.tensor([1, rows, columns]);
    if (values !== undefined) device.write(made, values);
    return made;
  };
  const x = device.batch(inputs, n);
  device.write(x, network.X);
  const [W1, b1] = [tensor(hidden, inputs, network.W1), tensor(hidden, 1, network.b1)];
  const [W2, b2] = [tensor(classes, hidden, network.W2), tensor(classes, 1, network.b2)];
  const labels = tensor(1, n, network.labels);

  const [S1, H, S2, P] = [tensor(hidden, n), tensor(hidden, n), tensor(classes, n), tensor(classes, n)];
  const tally = device.tally(1, 2);
  denseForward(device, S1, W1, x, b1);
  reluForward(device, H, S1);
  denseForward(device, S2, W2, H, b2);
  softmaxCrossEntropyForward(device, P, tally, S2, labels);
  const loss = (await device.readTally(tally))[0] / n;

  const [G, dH, dS1] = [tensor(classes, n), tensor(hidden, n), tensor(hidden, n)];
  const [dW2, db2] = [tensor(classes, hidden), tensor(classes, 1)];
  const [dW1, db1] = [tensor(hidden, inputs), tensor(hidden, 1)];
  softmaxCrossEntropyBackward(device, G, P, labels);
  const into = (target: Tensor, base: Tensor, beta: number) => {
    return { target, base, alpha: Float64Array.of(1), beta: Float64Array.of(beta) };
  };
  const slope = penaltySlope(lambda);
  denseBackward(device, dH, into(dW2, W2, slope), into(db2, b2, 0), G, W2, H);
  reluBackward(device, dS1, dH, H);
  denseBackward(device, undefined, into(dW1, W1, slope), into(db1, b1, 0), dS1, W1, x);

  const squares = [...network.W1, ...network.W2].reduce((sum, weight) => sum + weight * weight, 0);
  const read = async (tensor: Tensor) => Array.from(await device.read(tensor));
  const numbers = {
    ...{ S1: await read(S1), H: await read(H), S2: await read(S2), P: await read(P) },
    ...{ L: [loss], J: [loss + lambda * squares], G: await read(G), dH: await read(dH), dS1: await read(dS1) },
    ...{ dW2: await read(dW2), db2: await read(db2), dW1: await read(dW1), db1: await read(db1) },
  };
  device.close();
  return numbers;
}
