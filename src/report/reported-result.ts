import { largestOf } from "../math/extremes.ts";
import { numberText, percentText } from "../plot/number-text.ts";
import { nothing } from "./text-table.ts";

interface Reported {
  readonly testAccuracy?: number;
  readonly trainLoss?: readonly number[] | Readonly<Record<string, number>>;
  readonly best?: { readonly lambda: number; readonly validationAccuracy?: number };
  readonly rows?: readonly { readonly lambda?: number; readonly validationAccuracy?: number }[];
  readonly top?: Reported["rows"];
}

/** What a report printed, in the few words in which the ledger gives what is obtained; a dash where it printed no such number. */
export function reportedResult(reported: unknown): string {
  if (typeof reported !== "object" || reported === null) return nothing;
  const { testAccuracy, trainLoss, best, rows, top } = reported as Reported;
  const searched = [...(best === undefined ? [] : [best]), ...(rows ?? top ?? [])].flatMap(
    ({ lambda, validationAccuracy = Number.NaN }) => (lambda === undefined ? [] : [{ lambda, validationAccuracy }]),
  );
  if (searched.length > 0) {
    const first = searched.reduce((most, row) => (row.validationAccuracy > most.validationAccuracy ? row : most));
    const where = `at lambda ${numberText(first.lambda, "rate")}`;
    return Number.isFinite(first.validationAccuracy)
      ? `best validation ${percentText(first.validationAccuracy)} ${where}`
      : `best ${where}`;
  }
  if (testAccuracy !== undefined) return `test ${percentText(testAccuracy)}`;
  if (trainLoss !== undefined) return `training loss ${Object.values(trainLoss).at(-1)}`;
  const errors = numbersIn(reported).filter((value) => value > 0 && value < 1e-2);
  return errors.length === 0 ? nothing : `largest ${numberText(largestOf(errors), "error")}`;
}

/** All numbers of a document, at any depth. */
function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
