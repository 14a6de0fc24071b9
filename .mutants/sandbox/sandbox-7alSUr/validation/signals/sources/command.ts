import { seriesOfRows } from "../rows/series.ts";
import { defineSignalSource } from "./define.ts";

export const definition = defineSignalSource({
  from: "command",
  series: (signal, source, asked) => seriesOfRows(signal, source, asked),
});
