import { expect, test } from "vitest";
import { fileError } from "../store/sqlite-database.node.ts";
import { notWritten } from "./output-file.ts";

test.each([
  ["a full disk", 13, /^free some space/],
  ["a folder that has gone", 14, /^its folder has gone: make it again/],
  ["a file of a failing disk", 10, /^choose another folder/],
])(
  "what SQLite says of %s that it backs up into is the user's file, and a remedy that helps",
  (_what, errcode, remedy) => {
    const cause = Object.assign(new Error("as SQLite has it"), { errcode });
    expect(notWritten("--backup", "b.sqlite", fileError(cause))).toMatchObject({
      code: "output",
      place: "--backup",
      complaint: expect.stringMatching(/^b\.sqlite cannot be written: .*SQLite/),
      remedy: expect.stringMatching(remedy),
    });
  },
);
