import { InvalidArgumentError } from "commander";
import { amount, assignments, positive, whole } from "../../../cli/arguments.ts";
import { latePointsOf } from "../../../cli/local/late-points.ts";
import { publishLags } from "../../../cli/local/publish-lag.ts";
import { structured, words } from "../../../cli/model-options.ts";
import { readOrder, argumentsOf } from "../../../cli/console/steer/run-verb.ts";
import { Refused } from "../../../cli/console/http/server.ts";
import { readTelling, TOLD_TAGS, writeTelling } from "../../../contract/alarms/telling.ts";
import { isRecord } from "../../../contract/config/field.ts";
import {
  WATCHDOG_TAG,
  readReleaseTags,
  readRouteTags,
  readWatchdogMark,
  writeMark,
} from "../../../contract/route/route-tags.ts";
import { ROUTE_TAGS } from "../../../contract/route/route.ts";
import { readOwner, showOwner } from "../../../validation/core/owner.ts";
import { readQuestion } from "../../../validation/judge/question.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { calendarMs, isSame, isUserError, jsonOf, takenIf, textOf } from "../support.ts";

const isArgumentError = (error: unknown) => error instanceof InvalidArgumentError;

const numbers: FuzzedParser = {
  name: "cli-numbers",
  seeds: ["10", "0.5", "100", "0"],
  edits: "text",
  words: [" ", "0x10", "1e2", "Infinity", "-", ".", "+1", "1_0"],
  async take(input) {
    const text = textOf(input);
    // In decimal, as people write numbers: no text at all is none, and `0x10` is not sixteen.
    const form = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
    const read = async (reader: (text: string) => number, least: number) =>
      unlessRefused(isArgumentError, () => {
        const value = reader(text);
        demand(
          form.test(text) && value >= least && value < Infinity,
          `${JSON.stringify(text)} was read as ${value}`,
        );
      });
    const taken = [
      await read(whole(0, 1000), 0),
      await read(positive, Number.MIN_VALUE),
      await read(amount, 0),
    ];
    return takenIf(taken.includes("accepted"));
  },
};

const shapes: FuzzedParser = {
  name: "late-points",
  seeds: [
    "late=0.05:180,revised=0.05:0.5:180,seed=7",
    "HTTPCode_Target_2XX_Count=1:240",
    "60,RequestCount=180",
    "0",
  ],
  edits: "text",
  words: ["late=", "revised=", "seed=", ":", ",", "3600", "3601", "1.0", "RequestCount="],
  async take(input) {
    const text = textOf(input);
    const names = text.split(",").map((part) => part.split("=")[0] ?? "");
    const areOnce = (all: readonly string[]) => new Set(all).size === all.length;
    const points = await unlessRefused(isArgumentError, () => {
      const { late, revised, lateOf = {}, seed } = latePointsOf(text);
      const all = [...(late ? [late] : []), ...(revised ? [revised] : []), ...Object.values(lateOf)];
      demand(all.length > 0 && Number.isInteger(seed), "nothing is late");
      demand(
        all.every(
          ({ part, seconds }) => part >= 0 && part <= 1 && Number.isInteger(seconds) && seconds <= 3600,
        ),
        "a part or seconds",
      );
      demand(areOnce(names), "one name twice");
    });
    const lags = await unlessRefused(isArgumentError, () => {
      const { publishLagSeconds, publishLagOfSeconds = {} } = publishLags(text);
      demand(
        [publishLagSeconds, ...Object.values(publishLagOfSeconds)].every((one) => one >= 0 && one <= 3600),
        "seconds",
      );
      // The first word is the seconds of all.
      demand(areOnce(names.slice(1)), "one name twice");
    });
    return takenIf(points === "accepted" || lags === "accepted");
  },
};

const options: FuzzedParser = {
  name: "model-options",
  seeds: ["KEY=value", 'steps=[1,{"percent":10}]', '["node","server.js"]', "node server.js"],
  edits: "text",
  words: ["=", "[", "{", '"', " ", "__proto__="],
  take: (input) =>
    unlessRefused(isArgumentError, () => {
      const text = textOf(input);
      demand(words(text).length <= text.length + 1, "words came");
      const [name = "", value] = Object.entries(assignments(text))[0] ?? [];
      demand(text === `${name}=${value}`, "another assignment");
      demand(Object.hasOwn(structured(assignments(text)), name), "a name went");
    }),
};

const order: FuzzedParser = {
  name: "console-order",
  seeds: [
    '{"verb":"promote","reason":"because","to":"green"}',
    '{"verb":"approve","step":50,"reason":"ok"}',
    '{"verb":"revert","to":"blue"}',
  ],
  edits: "json",
  words: ["verb", "reason", "step", "to", "--json", "--stack=prod", "-x", "pause", "resume"],
  take: (input) =>
    unlessRefused(
      (error) => error instanceof Refused,
      () => {
        const args = argumentsOf(readOrder(jsonOf(textOf(input))));
        demand(
          args.every((one) => typeof one === "string"),
          "an argument is no text",
        );
        const [verb = "", ...rest] = args;
        demand(/^[a-z]+$/.test(verb), "no verb");
        demand(
          rest.every((one) => /^--(now|json|step=\d+|to=(blue|green)|reason=[^]*)$/.test(one)),
          `an option of its own: ${rest.join(" ")}`,
        );
      },
    ),
};

const OWNER = showOwner({ user: "u", host: "h", pid: 12, since: "2026-11-30T10:00:00Z", run: "r" });
const owner: FuzzedParser = {
  name: "release-owner",
  seeds: [OWNER, "u@h:1 since 2026", "octo/models run 3"],
  edits: "text",
  words: ["@", ":", " since ", " run ", "0"],
  take(input) {
    const read = readOwner(textOf(input));
    if (read === undefined) return "refused";
    demand(Number.isInteger(read.pid) && read.pid >= 0, "no process");
    demand(isSame(readOwner(showOwner(read)), read), "written and read again it is another one");
    return "accepted";
  },
};

const TAGS = {
  [ROUTE_TAGS.stack]: "prod",
  [ROUTE_TAGS.project]: "p",
  [ROUTE_TAGS.activeSlot]: "blue",
  [ROUTE_TAGS.releaseSlot]: "green",
  [ROUTE_TAGS.releaseId]: "v2-g3",
  [ROUTE_TAGS.releaseState]: "running",
  [ROUTE_TAGS.stickinessSeconds]: "0",
  [ROUTE_TAGS.deadline]: "2026-11-30T10:00:00.000Z",
  [WATCHDOG_TAG]: writeMark({ releaseId: "v2-g3", atMs: Date.UTC(2026, 10, 30), reason: "it failed" }),
  [TOLD_TAGS.rolledBack]: writeTelling({
    state: "told",
    by: "x",
    atMs: Date.UTC(2026, 10, 30),
    releaseId: "v2-g3",
    reason: "a b",
  }),
};
const tags: FuzzedParser = {
  name: "route-tags",
  seeds: [JSON.stringify(TAGS)],
  edits: "json",
  words: [...Object.values(ROUTE_TAGS), "running", "green", "claimed", "2026-02-30T00:00:00Z"],
  take(input) {
    const given = jsonOf(textOf(input));
    if (!isRecord(given)) return "refused";
    // ELB's tags are texts.
    const all = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));
    const route = readRouteTags(all);
    demand(
      route === undefined || (route.stickinessSeconds >= 0 && route.stickinessSeconds <= 604_800),
      `sticky for ${route?.stickinessSeconds} s`,
    );
    const release = readReleaseTags(all);
    demand(release === undefined || release.id !== "", "a release without a name");
    const mark = readWatchdogMark(all);
    if (mark !== undefined) {
      const at = all[WATCHDOG_TAG]?.split(" ")[1] ?? "";
      demand(calendarMs(at) === mark.atMs, `${at} was read as ${new Date(mark.atMs).toISOString()}`);
    }
    const told = readTelling(all, "rolledBack");
    demand(
      told === undefined || (Number.isFinite(told.atMs) && told.releaseId !== ""),
      "a telling of nothing",
    );
    return takenIf(route !== undefined || release !== undefined || mark !== undefined);
  },
};

const group = (name: string) => ({
  LoadBalancer: "app/x/0123456789abcdef",
  TargetGroup: `targetgroup/${name}/0123456789abcdef`,
});
const question: FuzzedParser = {
  name: "judge-question",
  seeds: [
    JSON.stringify({
      candidate: group("green"),
      active: group("blue"),
      since: "2026-11-30T10:00:00Z",
      share: "10",
      sticky: "true",
      policy: { alpha: 0.01 },
    }),
  ],
  edits: "json",
  words: [
    "candidate",
    "active",
    "since",
    "stepSince",
    "share",
    "sticky",
    "zones",
    "policy",
    "traffic",
    "2026-11-30T10:00",
  ],
  take: (input) =>
    unlessRefused(isUserError, () => {
      const raw = jsonOf(textOf(input));
      const read = readQuestion(raw);
      demand(read.candidate.TargetGroup !== read.active.TargetGroup, "one group is compared with itself");
      for (const name of ["since", "stepSince"]) {
        const time = isRecord(raw) ? raw[name] : undefined;
        if (typeof time === "string" && time !== "traffic")
          demand(calendarMs(time) !== undefined, `${time} is no time with a zone`);
      }
    }),
};

export const WORDS: readonly FuzzedParser[] = [numbers, shapes, options, order, owner, tags, question];
