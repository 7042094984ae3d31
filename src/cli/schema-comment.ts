/** What the schema is called that a spec's first line names. */
export const schemaFile = "spec.schema.json";

/** The first line of a spec by which an editor finds the schema beside it. */
export const schemaComment = `# yaml-language-server: $schema=${schemaFile}`;
