import { dimensionsAt } from "../../../contract/signals/place.ts";
import { defineSignalSource } from "./define.ts";

export const definition = defineSignalSource({
  from: "cloudwatch",
  metrics: ({ namespace, numerator, denominator, dimensions }, place) => ({
    namespace,
    numerator,
    denominator,
    dimensions: dimensionsAt(dimensions, place),
  }),
});
