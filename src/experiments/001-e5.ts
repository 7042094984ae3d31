import { firstIsBest, lambdaDecidesLittle } from "./carried-weights.ts";
import { climbs, staysLevel } from "./claims.ts";
import type { Published } from "./experiment.ts";
import { lambdaSearch, unstatedTwoLayer } from "./two-layer.ts";

const rows = [
  { lambda: 6.861844223554064e-5, trainAccuracy: 0.6903, validationAccuracy: 0.4137, testAccuracy: 0.412 },
  { lambda: 6.929466357926098e-5, trainAccuracy: 0.8081, validationAccuracy: 0.4078, testAccuracy: 0.4071 },
  { lambda: 6.902760197234175e-5, trainAccuracy: 0.8793, validationAccuracy: 0.4027, testAccuracy: 0.4003 },
  { lambda: 8.516726135527142e-5, trainAccuracy: 0.9169, validationAccuracy: 0.4031, testAccuracy: 0.3934 },
  { lambda: 4.604988657028206e-5, trainAccuracy: 0.9464, validationAccuracy: 0.3999, testAccuracy: 0.3897 },
  { lambda: 4.495908722634612e-5, trainAccuracy: 0.9705, validationAccuracy: 0.3975, testAccuracy: 0.3883 },
  { lambda: 5.6315858711057074e-5, trainAccuracy: 0.9792, validationAccuracy: 0.3966, testAccuracy: 0.3887 },
  { lambda: 8.104811855284822e-5, trainAccuracy: 0.9878, validationAccuracy: 0.3961, testAccuracy: 0.3882 },
  { lambda: 9.734417892451165e-5, trainAccuracy: 0.9917, validationAccuracy: 0.3972, testAccuracy: 0.3871 },
  { lambda: 6.388117894105882e-5, trainAccuracy: 0.9938, validationAccuracy: 0.3988, testAccuracy: 0.3887 },
  { lambda: 5.703462131528679e-5, trainAccuracy: 0.9969, validationAccuracy: 0.3995, testAccuracy: 0.3898 },
  { lambda: 5.084829561075981e-6, trainAccuracy: 0.9991, validationAccuracy: 0.4001, testAccuracy: 0.3907 },
  { lambda: 5.5783639573794314e-5, trainAccuracy: 0.9996, validationAccuracy: 0.4004, testAccuracy: 0.3897 },
  { lambda: 5.438393228502804e-6, trainAccuracy: 1.0, validationAccuracy: 0.3991, testAccuracy: 0.3893 },
  { lambda: 4.714088248979307e-5, trainAccuracy: 1.0, validationAccuracy: 0.3998, testAccuracy: 0.3894 },
  { lambda: 2.4182082167135827e-5, trainAccuracy: 1.0, validationAccuracy: 0.4001, testAccuracy: 0.3897 },
  { lambda: 1.2234588672757396e-5, trainAccuracy: 1.0, validationAccuracy: 0.4001, testAccuracy: 0.3901 },
  { lambda: 3.1194131236510333e-6, trainAccuracy: 1.0, validationAccuracy: 0.4, testAccuracy: 0.3903 },
  { lambda: 5.162726959789089e-5, trainAccuracy: 1.0, validationAccuracy: 0.4001, testAccuracy: 0.3905 },
  { lambda: 6.499395632477166e-5, trainAccuracy: 1.0, validationAccuracy: 0.3993, testAccuracy: 0.3906 },
  { lambda: 5.82776309025767e-5, trainAccuracy: 1.0, validationAccuracy: 0.3985, testAccuracy: 0.3905 },
  { lambda: 2.8594516396776093e-5, trainAccuracy: 1.0, validationAccuracy: 0.3987, testAccuracy: 0.3905 },
  { lambda: 3.755076727030109e-5, trainAccuracy: 1.0, validationAccuracy: 0.3986, testAccuracy: 0.3905 },
  { lambda: 9.748931724749742e-5, trainAccuracy: 1.0, validationAccuracy: 0.3987, testAccuracy: 0.3909 },
  { lambda: 9.403875805288233e-5, trainAccuracy: 1.0, validationAccuracy: 0.3978, testAccuracy: 0.3911 },
  { lambda: 3.8584309096083535e-5, trainAccuracy: 1.0, validationAccuracy: 0.3981, testAccuracy: 0.3916 },
  { lambda: 4.5529454562390784e-5, trainAccuracy: 1.0, validationAccuracy: 0.3984, testAccuracy: 0.3915 },
  { lambda: 4.8023050035156435e-5, trainAccuracy: 1.0, validationAccuracy: 0.3983, testAccuracy: 0.3919 },
  { lambda: 9.678576739290062e-5, trainAccuracy: 1.0, validationAccuracy: 0.3982, testAccuracy: 0.3918 },
  { lambda: 9.801629619476043e-5, trainAccuracy: 1.0, validationAccuracy: 0.399, testAccuracy: 0.3921 },
];

const trials = lambdaSearch(
  { name: "001-E5", halfCycle: 500, cycles: 2 },
  rows.map(({ lambda }) => lambda),
);

export const published001E5: Published = {
  id: "001-E5",
  title: "Fine search: 30 lambdas from 1e-6 to 1e-4",
  reported: { rows, chosen: 6.861844223554064e-5 },
  shows: "a table of 30 lambdas with three accuracies each.",
  unstated: [...unstatedTwoLayer, { what: "n_s", taken: '500: "2 cycles (20 epochs)" on one batch' }],
  fault:
    "The range leaves out both values that the coarse search had declared best, and weights are carried from trial " +
    "to trial as before: only the first row is a result.",
  variants: [
    {
      name: "as-intended",
      kind: "search",
      trials,
      claims: [staysLevel, lambdaDecidesLittle],
    },
    {
      name: "as-reported",
      differs: "each trial begins with the weights of the one before",
      kind: "search",
      trials,
      carryWeights: true,
      claims: [climbs, firstIsBest],
    },
  ],
};
