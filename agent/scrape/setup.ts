import { Fields, WrongSetting } from "../config/fields.ts";
import type { Environment } from "../config/fields.ts";
import { isObject } from "../json.ts";
import type { GpuGauge } from "./gauge.ts";
import type { ScrapedMetric, SeriesChoice, SlowBounds } from "./metric.ts";
import { PRESETS } from "./presets.ts";

export interface ScrapeSetup {
  readonly port: number;
  readonly path: string;
  readonly everyMs: number;
  readonly metrics: readonly ScrapedMetric[];
  readonly gpu: GpuGauge | undefined;
}

const SECONDS = { least: 0.000_001, most: 86_400 };

export function readScrape(
  value: unknown,
  where: string,
  modelPort: number,
  environment: Environment,
): ScrapeSetup {
  const known = [
    "port",
    "path",
    "everySeconds",
    "preset",
    "firstTokenSeconds",
    "answerSeconds",
    "metrics",
    "gpu",
  ];
  const fields = new Fields(value, where, known);
  const bounds: SlowBounds = {
    firstTokenSeconds: fields.number("firstTokenSeconds", { ...SECONDS, otherwise: 1 }),
    answerSeconds: fields.number("answerSeconds", { ...SECONDS, otherwise: 1 }),
  };
  const preset = fields.text("preset");
  const make = preset === undefined ? () => [] : Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : undefined;
  if (make === undefined) {
    const names = Object.keys(PRESETS).join(", ");
    throw new WrongSetting(`${where}.preset is ${JSON.stringify(preset)}; it takes ${names}`);
  }
  const metrics = [...make(bounds), ...fields.list("metrics", readMetric)];
  const gpu = fields.inner("gpu", readGpu);
  if (metrics.length === 0 && gpu === undefined)
    throw new WrongSetting(`${where} names no preset, no metrics and no gpu: one of them is needed`);
  return {
    port: isObject(value) && value["port"] !== undefined ? fields.port("port", environment) : modelPort,
    path: fields.text("path") ?? "/metrics",
    everyMs: fields.number("everySeconds", { least: 0.05, most: 60, otherwise: 15 }) * 1000,
    metrics,
    gpu,
  };
}

function readGpu(value: unknown, where: string): GpuGauge {
  const fields = new Fields(value, where, ["series", "labels", "most"]);
  const series = fields.text("series");
  if (series === undefined)
    throw new WrongSetting(`${where}.series is missing; it takes the name of a gauge`);
  const most = fields.number("most", { least: 0.000_001, most: 1_000_000, otherwise: 100 });
  return { series, labels: fields.inner("labels", readLabels) ?? {}, most };
}

function readMetric(value: unknown, where: string): ScrapedMetric {
  const known = ["numerator", "denominator", "events", "among", "histogram", "labels", "laterThanSeconds"];
  const fields = new Fields(value, where, known);
  const [numerator, denominator] = [fields.text("numerator"), fields.text("denominator")];
  if (numerator === undefined || denominator === undefined) {
    throw new WrongSetting(`${where} needs numerator and denominator: the names of its two metrics`);
  }
  const names = { numerator, denominator };
  const histogram = fields.text("histogram");
  if (histogram !== undefined) {
    const laterThanSeconds = fields.number("laterThanSeconds", SECONDS);
    const labels = fields.inner("labels", readLabels) ?? {};
    return { kind: "histogram", ...names, histogram, labels, laterThanSeconds };
  }
  const metric = {
    kind: "counters" as const,
    ...names,
    events: fields.list("events", readChoice),
    among: fields.list("among", readChoice),
  };
  if (metric.events.length > 0 && metric.among.length > 0) return metric;
  throw new WrongSetting(`${where} needs histogram with laterThanSeconds, or events and among`);
}

function readChoice(value: unknown, where: string): SeriesChoice {
  const fields = new Fields(value, where, ["series", "labels"]);
  const series = fields.text("series");
  if (series === undefined)
    throw new WrongSetting(`${where}.series is missing; it takes the name of a counter`);
  return { series, labels: fields.inner("labels", readLabels) ?? {}, always: false };
}

function readLabels(value: unknown, where: string): Readonly<Record<string, readonly string[]>> {
  const names = isObject(value) ? Object.keys(value) : [];
  const fields = new Fields(value, where, names);
  return Object.fromEntries(names.map((name) => [name, fields.texts(name, [])]));
}
