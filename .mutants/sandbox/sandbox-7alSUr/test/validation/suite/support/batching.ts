import { definition as kserve } from "../../../../validation/protocols/kserve-v1.ts";
import type { Ask } from "../../../../validation/protocols/ask.ts";
import type { PerSlot, Slot } from "../../../../contract/slot.ts";
import { isRecord } from "../../../../contract/config/field.ts";
import type { Example } from "../../../../validation/suite/golden.ts";
import { virtualMachine } from "./fake-slots.ts";

/** A model of rows behind KServe's protocol v1, which takes several at once. */
export interface RowModel {
  readonly answer: (row: readonly number[], nth: number) => unknown;
  /** How long so many rows take. */
  readonly seconds: (rows: number, nth: number) => number;
}

export const SPEAKER = {
  protocol: kserve,
  model: {
    name: "rows",
    predictPath: "/v1/models/rows:predict",
    healthPath: "/v1/models/rows",
    inputs: [],
    contentType: "application/json",
  },
} as const;

/** Both slots by a clock of their own: what is asked at the same time is answered at the same time. */
export function rowSlots(models: PerSlot<RowModel>) {
  const machine = virtualMachine();
  let nth = 0;
  const requests: { readonly slot: Slot; readonly rows: number; readonly atMs: number }[] = [];
  const ask: Ask = async (slot, { body = "" }) => {
    nth += 1;
    const own = nth;
    const rows = rowsIn(String(body));
    requests.push({ slot, rows: rows.length, atMs: machine.wall() });
    const seconds = models[slot].seconds(rows.length, own);
    await machine.wait(seconds * 1000);
    const predictions = rows.map((row) => models[slot].answer(row, own));
    return { status: 200, seconds, text: JSON.stringify({ predictions }) };
  };
  return { ask, machine, requests, speakers: { blue: SPEAKER, green: SPEAKER } };
}

function rowsIn(body: string): readonly (readonly number[])[] {
  const parsed: unknown = JSON.parse(body);
  const instances = isRecord(parsed) ? parsed["instances"] : undefined;
  if (!Array.isArray(instances)) throw new Error(`no instances: ${body}`);
  return instances;
}

/** Always the same numbers from 0 to 1 for a seed (Park and Miller). */
export function randomFrom(seed: number): () => number {
  let state = seed % 2_147_483_647 || 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Rows of so many numbers from 0 to 1, whose label is what the model says. */
export function rowExamples(count: number, width: number, label: RowModel["answer"]): readonly Example[] {
  const random = randomFrom(20_261_129);
  return Array.from({ length: count }, (_, nth) => {
    const row = Array.from({ length: width }, random);
    return { input: { features: row }, label: label(row, nth) };
  });
}
