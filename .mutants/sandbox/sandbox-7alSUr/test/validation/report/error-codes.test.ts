import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isRecord } from "../../../contract/config/field.ts";
import { ERRORS } from "../../../validation/errors.ts";

const folder = join(import.meta.dirname, "../../../validation/errors");

test("no two errors have one code, of which the later would hide the other", async () => {
  const files = readdirSync(folder).filter((file) => file !== "kind.ts");
  const modules = await Promise.all(files.map((file): Promise<unknown> => import(join(folder, file))));
  const tables = modules.flatMap((module) =>
    isRecord(module) ? Object.values(module).filter(isRecord) : [],
  );
  const codes = tables.flatMap((table) => Object.keys(table).filter((key) => key.startsWith("BG")));
  expect(codes.length).toBeGreaterThan(100);
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  expect(codes.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
});
