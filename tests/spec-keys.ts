import { z } from "zod";

/** A key of a schema that holds a value, or a choice of kinds. */
export interface SpecKey {
  /** `training.schedule.rate` */
  readonly path: string;
  readonly standard: Standard;
  /** The texts it may be, where the schema names them. */
  readonly names: readonly string[];
}

/** What becomes of a key that is left out. */
type Standard = { readonly kind: "required" | "none" } | { readonly kind: "default"; readonly value: unknown };

/** Every key of a schema, those of all kinds or of the kinds given. A key that several kinds have comes several times. */
export function keysOf(
  schema: z.core.$ZodType,
  kinds?: readonly string[],
  path = "",
  standard: Standard = { kind: "required" },
): SpecKey[] {
  if (schema instanceof z.ZodOptional) return keysOf(schema.unwrap(), kinds, path, { kind: "none" });
  if (schema instanceof z.ZodPrefault) return keysOf(schema.unwrap(), kinds, path, standard);
  if (schema instanceof z.ZodDefault) {
    return keysOf(schema.unwrap(), kinds, path, { kind: "default", value: schema.def.defaultValue });
  }
  if (schema instanceof z.ZodObject) {
    return Object.entries<z.core.$ZodType>(schema.shape).flatMap(([key, inner]) =>
      keysOf(inner, kinds, path === "" ? key : `${path}.${key}`),
    );
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const options = (schema.options as z.ZodObject[]).filter(
      ({ shape }) => kinds?.includes(nameOf(shape.kind)) ?? true,
    );
    return [{ path, standard, names: [] }, ...options.flatMap((option) => keysOf(option, kinds, path))];
  }
  if (schema instanceof z.ZodUnion && schema.options.some((option) => option instanceof z.ZodObject)) {
    // A name, or an object: one row for the key itself, and one for each key of the object.
    const options = schema.options as z.core.$ZodType[];
    const names = options.flatMap((option) => (option instanceof z.ZodEnum ? option.options.map(String) : []));
    const objects = options.filter((option) => option instanceof z.ZodObject);
    return [{ path, standard, names }, ...objects.flatMap((option) => keysOf(option, kinds, path))];
  }
  if (schema instanceof z.ZodEnum) return [{ path, standard, names: schema.options.map(String) }];
  return [{ path, standard, names: schema instanceof z.ZodLiteral ? [...schema.values].map(String) : [] }];
}

function nameOf(literal: z.core.$ZodType | undefined): string {
  return literal instanceof z.ZodLiteral ? String(literal.value) : "";
}
