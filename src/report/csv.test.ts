import { describe, expect, test } from "vitest";
import series from "../plot/fixtures/series.json" with { type: "json" };
import { csv, seriesCsv } from "./csv.ts";

describe("seriesCsv", () => {
  test("is a header and a line a measurement, every digit kept", () => {
    const lines = seriesCsv(series).split("\r\n");
    expect(lines).toHaveLength(11 + 2); // the header, and nothing after the last line break
    expect(lines[0]).toBe(
      "step,learning_rate,train_loss,train_cost,train_accuracy,validation_loss,validation_cost,validation_accuracy",
    );
    expect(lines[11]).toBe("1000,0.00020998,1.1372,1.4816,0.605,1.5421,1.8865,0.456");
    expect(lines[12]).toBe("");
  });

  test("names what is not finite, and gives back the same numbers", () => {
    const loss = 0.1 + 0.2;
    const row = { ...series[0], train: { loss, cost: Number.NaN, accuracy: 0.1 } };
    const fields = seriesCsv([{ ...row, validation: { ...row.train, loss: Number.POSITIVE_INFINITY } }])
      .split("\r\n")[1]
      .split(",");
    expect(fields.slice(2)).toEqual(["0.30000000000000004", "NaN", "0.1", "Infinity", "NaN", "0.1"]);
    expect(Number(fields[2])).toBe(loss);
  });
});

describe("csv", () => {
  test("quotes fields with commas, quotes and line breaks (RFC 4180, section 2)", () => {
    expect(csv([["a,b", 'say "x"', "two\nlines", "plain"]])).toBe('"a,b","say ""x""","two\nlines",plain\r\n');
  });
});
