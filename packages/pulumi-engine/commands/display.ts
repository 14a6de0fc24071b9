import type { EngineEvent, Listener, Operation, StepMetadata } from "../deployment/events.ts";
import type { Outcome } from "../operation/operation.ts";
import { leafChanges, sameJson } from "../values/property-diff.ts";
import { UNKNOWN, type Properties } from "../values/provider.ts";
import { hasChanges } from "../deployment/steps.ts";
import { nameOf, shortType, typeOf } from "../values/urn.ts";
import { assetName, isAsset, mapChildren, mask, maskProperties } from "../values/values.ts";

export interface DisplayOptions {
  planning: boolean;
  /** Show each property that changes, old and new. */
  diff: boolean;
  showOutputs: boolean;
  showSecrets: boolean;
}

export interface Display {
  listener: Listener;
  /** Diagnostics, outputs and counts, after the last event. */
  finish(outcome: Outcome): void;
}

type Words = { mark: string; plan: string; doing: string; done: string };

// `same` and the halves of a replacement are not shown; reads are, when the program makes them.
const WORDS: Partial<Record<Operation, Words>> = {
  create: { mark: "+ ", plan: "create", doing: "creating", done: "created" },
  update: { mark: "~ ", plan: "update", doing: "updating", done: "updated" },
  delete: { mark: "- ", plan: "delete", doing: "deleting", done: "deleted" },
  replace: { mark: "+-", plan: "replace", doing: "replacing", done: "replaced" },
  "create-replacement": { mark: "++", plan: "", doing: "creating replacement", done: "created replacement" },
  "delete-replaced": { mark: "--", plan: "", doing: "deleting original", done: "deleted original" },
  refresh: { mark: "~ ", plan: "", doing: "", done: "" },
};

/** Prints an operation as plain lines, in the manner of the Pulumi CLI without a terminal. */
export function createDisplay(print: (text: string) => void, options: DisplayOptions): Display {
  const diagnostics = new Map<string, string[]>();
  const line = (text = "") => print(`${text}\n`);
  const show = (metadata: StepMetadata, verb: string) => {
    if (verb !== "") line(` ${stepLine(metadata, verb)}`);
  };
  return {
    listener(event) {
      collectDiagnostic(diagnostics, event);
      const wordsOf = (metadata: StepMetadata) => WORDS[metadata.op];
      if ("resourcePreEvent" in event && !options.planning) {
        const { metadata } = event.resourcePreEvent;
        if (metadata.logical !== true) show(metadata, wordsOf(metadata)?.doing ?? "");
      }
      if ("resOutputsEvent" in event) {
        const { metadata } = event.resOutputsEvent;
        const words = wordsOf(metadata);
        show(metadata, (options.planning ? words?.plan : words?.done) ?? "");
        if (options.diff && words?.plan) for (const text of diffLines(metadata)) line(text);
      }
      if ("resOpFailedEvent" in event) show(event.resOpFailedEvent.metadata, "failed");
    },
    finish(outcome) {
      for (const text of diagnosticLines(diagnostics)) line(text);
      if (options.showOutputs) for (const text of outputLines(outcome, options.showSecrets)) line(text);
      for (const text of countLines(outcome.counts, options.planning)) line(text);
      line(`\nDuration: ${outcome.durationSeconds.toFixed(1)}s`);
    },
  };
}

function stepLine(metadata: StepMetadata, verb: string): string {
  const mark = WORDS[metadata.op]?.mark ?? "  ";
  const diff = metadata.diffs?.length ? ` [diff: ${metadata.diffs.map((name) => `~${name}`).join(",")}]` : "";
  return `${mark} ${shortType(metadata.type)} ${nameOf(metadata.urn)} ${verb}${diff}`;
}

function diffLines(metadata: StepMetadata): string[] {
  const before = metadata.op === "create" ? {} : (metadata.old?.inputs ?? {});
  return leafChanges(before, metadata.new?.inputs ?? {}).map((change) => `      ${changeLine(change)}`);
}

const CHANGE_MARKS = { add: "+", delete: "-", update: "~" };

function changeLine(change: ReturnType<typeof leafChanges>[number]): string {
  const before = change.kind === "add" ? [] : [change.before];
  const after = change.kind === "delete" ? [] : [change.after];
  return `${CHANGE_MARKS[change.kind]} ${change.path}: ${[...before, ...after].map(shown).join(" => ")}`;
}

function collectDiagnostic(diagnostics: Map<string, string[]>, event: EngineEvent): void {
  if (!("diagnosticEvent" in event)) return;
  const { urn = "", severity, message } = event.diagnosticEvent;
  const prefix = severity === "info" || severity === "info#err" ? "" : `${severity}: `;
  const lines = diagnostics.get(urn) ?? [];
  for (const line of `${prefix}${message.trimEnd()}`.split("\n")) lines.push(line);
  diagnostics.set(urn, lines);
}

function diagnosticLines(diagnostics: Map<string, string[]>): string[] {
  if (diagnostics.size === 0) return [];
  const groups = [...diagnostics].flatMap(([urn, lines]) => [
    urn === "" ? "  global:" : `  ${shortType(typeOf(urn))} (${nameOf(urn)}):`,
    ...lines.map((text) => `    ${text}`),
  ]);
  return ["", "Diagnostics:", ...groups];
}

function outputLines({ previousOutputs, outputs }: Outcome, showSecrets: boolean): string[] {
  const keys = [...new Set([...Object.keys(previousOutputs), ...Object.keys(outputs)])].sort();
  if (keys.length === 0) return [];
  const value = (of: Properties, key: string) => readable(showSecrets ? of[key] : mask(of[key]));
  const lines = keys.flatMap((key) => {
    if (!(key in outputs)) return nested("  - ", key, value(previousOutputs, key));
    if (!(key in previousOutputs)) return nested("  + ", key, value(outputs, key));
    const [before, after] = [value(previousOutputs, key), value(outputs, key)];
    if (sameJson(before, after)) return [`    ${key}: ${isNested(after) ? "(unchanged)" : shown(after)}`];
    return leafChanges({ [key]: before }, { [key]: after }).map((change) => `  ${changeLine(change)}`);
  });
  return ["", "Outputs:", ...lines];
}

/** `key: value`; an object or a list with its members below it. */
function nested(indent: string, key: string, value: unknown): string[] {
  if (!isNested(value)) return [`${indent}${key}: ${shown(value)}`];
  const below = " ".repeat(indent.length + 2);
  return [
    `${indent}${key}:`,
    ...Object.entries(value).flatMap(([name, member]) => nested(below, name, member)),
  ];
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function countLines(counts: Record<string, number>, planning: boolean): string[] {
  const lines = (["create", "update", "replace", "delete"] as const)
    .filter((op) => counts[op] !== undefined)
    .map((op) => {
      const words = WORDS[op];
      return `    ${words?.mark} ${counts[op]} ${planning ? `to ${words?.plan}` : words?.done}`;
    });
  const same = counts["same"] === undefined ? [] : [`    ${counts["same"]} unchanged`];
  return hasChanges(counts) || same.length > 0 ? ["", "Resources:", ...lines, ...same] : [];
}

function shown(value: unknown): string {
  return JSON.stringify(readable(value)) ?? "[none]";
}

function readable(value: unknown): unknown {
  if (isAsset(value)) return assetName(value);
  return value === UNKNOWN ? "[unknown]" : mapChildren(value, readable);
}

/** What `preview --json` prints (Pulumi's PreviewDigest), from the events of the preview. */
export function previewDigest(events: EngineEvent[], outcome: Outcome): object {
  const config =
    events.flatMap((event) => ("preludeEvent" in event ? [event.preludeEvent.config] : []))[0] ?? {};
  const steps = events.flatMap((event) =>
    "resourcePreEvent" in event ? [event.resourcePreEvent.metadata] : [],
  );
  const diagnostics = events.flatMap((event) => ("diagnosticEvent" in event ? [event.diagnosticEvent] : []));
  const nanosecondsPerSecond = 1e9;
  return {
    config,
    steps: steps.map(({ op, urn, old, new: next, diffs, keys, detailedDiff }) => ({
      op,
      urn,
      ...(old && { oldState: old }),
      ...(next && { newState: next }),
      ...(diffs && { diffReasons: diffs }),
      ...(keys && { replaceReasons: keys }),
      detailedDiff: detailedDiff ?? null,
    })),
    diagnostics: diagnostics.map(({ urn, message, severity }) => ({
      ...(urn && { urn }),
      message,
      severity,
    })),
    duration: Math.round(outcome.durationSeconds * nanosecondsPerSecond),
    changeSummary: outcome.counts,
    outputs: readable(maskProperties(outcome.outputs)),
  };
}
