import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isRecord } from "../../contract/config/field.ts";
import { UserError } from "../../validation/errors.ts";
import { attempt } from "../../validation/reading.ts";
import { contextOf } from "../flow.ts";
import type { Endpoint } from "../local/endpoint.ts";
import { localPlace, type LocalPlace } from "../local/place.ts";
import { localTarget } from "../stack-target.ts";
import { ALL_VERBS } from "../verbs/all.ts";
import { harmless } from "../view/harmless.ts";
import { wrapped } from "../view/wrapped.ts";
import { endTourCloud, openTourCloud } from "./cloud.ts";
import { positionOf, type TourConfig, type TourPosition } from "./position.ts";
import { askCommand, runTyped } from "./prompt.ts";
import { stepNamed, TOUR_STEPS, type TourStepName } from "./steps.ts";

const DIRECTORY = join(".local", "tour");
const LOOK_EVERY_MS = 3_000;
const IMAGES = ["digits:1", "digits:2", "digits:3-flaky"];

/** Sentences are broken between words; commands and addresses stay whole, to be copied. */
function say(...lines: readonly string[]): void {
  const columns = process.stdout.columns || 80;
  const broken = lines.flatMap((line) => (/^ {4}/.test(line) ? [line] : wrapped(line, columns)));
  process.stdout.write(`${harmless(broken.join("\n"))}\n`);
}

/** `npx bluegreen tour`: what to type and why, until the stack shows that it was done. */
export async function tour({ fresh }: { readonly fresh: boolean }): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new UserError("BG441", "");
  const { root } = localPlace();
  await requireExamples(root);
  const place: LocalPlace = { root, directory: join(root, DIRECTORY) };
  if (fresh) {
    await endTourCloud(place);
    await rm(place.directory, { recursive: true, force: true });
  }
  say(
    "A release of a model on this laptop, in about five minutes. You type each command.",
    "Starting a local AWS emulator for the tour, 30 times as fast as the clock …",
  );
  const cloud = await openTourCloud(place);
  try {
    await walk(place, cloud.endpoint);
  } finally {
    await cloud.close();
  }
}

async function walk(place: LocalPlace, endpoint: Endpoint): Promise<void> {
  const stack = await stackReader(place, endpoint);
  say(...welcome(endpoint), "");
  let position = positionOf(await stack());
  const isBegun = position.kind !== "at" || position.step !== "stack";
  if (isBegun) say("The tour goes on where it was. From the beginning: npx bluegreen tour --fresh", "");
  for (;;) {
    if (position.kind === "over") return say(...FAREWELL);
    say(...shown(position));
    const found = await takeStep(place, position, stack);
    if (found === undefined) return say("", "The tour waits for you. To go on with it: npx bluegreen tour");
    if (position.kind === "at" && isFurther(found.position, position.step))
      say("", `✓ ${stepNamed(position.step).done}`);
    if (found.reason !== "") say(`  ${found.reason}`);
    say("");
    position = found.position;
  }
}

/** Something else may have been typed, and moved the stack elsewhere. */
const isFurther = (now: TourPosition, before: TourStepName): boolean =>
  now.kind === "over" || (now.kind === "at" && numberOf(now.step) > numberOf(before));

const numberOf = (step: TourStepName): number => TOUR_STEPS.findIndex(({ name }) => name === step) + 1;

interface Found {
  readonly position: TourPosition;
  /** How the last release ended; empty: it has not. */
  readonly reason: string;
}

/** Until the stack is somewhere else; undefined: the person has left. */
async function takeStep(
  place: LocalPlace,
  before: TourPosition,
  stack: () => Promise<TourConfig | undefined>,
): Promise<Found | undefined> {
  for (;;) {
    const moved = new AbortController();
    const typed = await Promise.race([askCommand("$ ", moved.signal), elsewhere(before, stack, moved)]);
    moved.abort();
    if (typed === undefined || /^(exit|quit)$/.test(typed.trim())) return undefined;
    if (typed !== MOVED) {
      if (typed.trim() === "") continue;
      await runTyped(typed, place.root, shellEnvironment(place));
    } else say("", "That was done in another terminal.");
    const config = await stack();
    const position = positionOf(config);
    if (!isSame(position, before)) return { position, reason: endOf(config) };
    say("", "The stack is where it was before. What leads on:", `    ${commandOf(before)}`);
  }
}

const MOVED = "\u0000moved";

/** Whoever works in a second terminal is followed, too. */
async function elsewhere(
  before: TourPosition,
  stack: () => Promise<TourConfig | undefined>,
  { signal }: AbortController,
): Promise<string> {
  for (;;) {
    await delay(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
    if (signal.aborted) return MOVED;
    const read = await attempt(stack);
    if (read.readable && !isSame(positionOf(read.value), before)) return MOVED;
  }
}

const isSame = (a: TourPosition, b: TourPosition) => JSON.stringify(a) === JSON.stringify(b);

function endOf(config: TourConfig | undefined): string {
  const { release } = config ?? {};
  const isOver = release?.state === "promoted" || release?.state === "rolledBack";
  const words = release?.state === "promoted" ? "promoted" : "rolled back";
  return isOver ? `Release ${release.id} was ${words}: ${release.reason}` : "";
}

const commandOf = (position: TourPosition): string =>
  position.kind === "at" ? stepNamed(position.step).command : position.kind === "aside" ? position.back : "";

function shown(position: TourPosition): readonly string[] {
  if (position.kind === "aside")
    return [position.what, "The tour did not ask for that. To get back to it, type:", `    ${position.back}`];
  if (position.kind === "over") return [];
  const { title, why, command } = stepNamed(position.step);
  return [`${numberOf(position.step)} of ${TOUR_STEPS.length} · ${title}`, why, "Type:", `    ${command}`];
}

function welcome({ url, token }: Endpoint): readonly string[] {
  const hasConsole = ALL_VERBS.some(({ usage }) => usage.split(" ")[0] === "console");
  const inOther = `BLUEGREEN_LOCAL_DIRECTORY=${DIRECTORY} npx bluegreen`;
  return [
    `It is at ${url}. Its dashboard:`,
    `    ${url}/dashboard?token=${token}`,
    ...(hasConsole ? ["To watch in a browser, in a second terminal:", `    ${inOther} console`] : []),
    `Any other command works here, too: npx bluegreen status shows where you are. Ctrl-D ends the tour; it goes on there next time.`,
  ];
}

const FAREWELL = [
  "That is all there is to a release. The same commands work on a stack on AWS; what is not proven there yet stands in docs/aws-findings.md.",
  "Read next:",
  "    README.md                   the verbs, and your own project: npx bluegreen init <name>",
  "    docs/how-it-works.md        what happens in a release",
  "    docs/decision.md            how a verdict is made, and how often it errs",
  "    docs/aws.md                 from nothing to the first release on AWS",
  "    docs/runbook.md             when it wakes you up",
  "Once more from the beginning: npx bluegreen tour --fresh",
];

/** Commands reach the tour's stack alone, whatever this terminal was set up for. */
function shellEnvironment({ directory }: LocalPlace) {
  const { PULUMI_STACK: _, AWS_PROFILE: _profile, AWS_ACCESS_KEY_ID: _key, ...rest } = process.env;
  return { ...rest, BLUEGREEN_LOCAL_DIRECTORY: directory, BLUEGREEN_STACK: "local" };
}

async function stackReader(place: LocalPlace, endpoint: Endpoint) {
  const target = await localTarget(place, endpoint);
  const context = await contextOf(target, place, { report() {} });
  return async () => (await context.store.deployed())?.config;
}

async function requireExamples(root: string): Promise<void> {
  const read = await attempt(async () => JSON.parse(await readFile(join(root, "images.local.json"), "utf8")));
  const images: unknown = read.readable && isRecord(read.value) ? read.value["images"] : undefined;
  const known = isRecord(images) ? Object.keys(images) : [];
  const missing = IMAGES.filter((image) => !known.includes(image));
  if (missing.length > 0) throw new UserError("BG443", `images.local.json has no ${missing.join(", ")}.`);
}
