import * as v from "valibot";

/** A number from `least` to `most`; Pulumi stores decimals of `pulumi config set --path` as texts. */
export const numberIn = (least: number, most: number) =>
  v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/), v.transform(Number))]),
    v.minValue(least),
    v.maxValue(most),
  );

export const wholeIn = (least: number, most: number) => v.pipe(numberIn(least, most), v.integer());
