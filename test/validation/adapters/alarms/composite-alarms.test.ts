import { afterEach, describe, expect, test } from "vitest";
import { awsPorts } from "../../../../validation/adapters/aws.ts";
import { fakeAws, type FakeAws } from "../../support/fake-aws.ts";

let cloud: FakeAws | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

type Told = Readonly<Record<string, unknown>>;
const metric = (AlarmName: string, own: Told = {}): Told => ({
  AlarmName,
  StateValue: "OK",
  Period: 60,
  EvaluationPeriods: 3,
  ...own,
});
const composite = (AlarmName: string, AlarmRule: string, own: Told = {}): Told => ({
  AlarmName,
  StateValue: "OK",
  AlarmRule,
  ...own,
});

/** What is read of `page` where CloudWatch has these; questions for `refused` are refused. */
async function read(alarms: readonly Told[], refused?: string) {
  cloud = await fakeAws(({ input }) => {
    const names = Object(input["AlarmNames"]) as readonly string[];
    if (refused !== undefined && names.includes(refused)) return { error: "AccessDeniedException" };
    const found = alarms.filter(({ AlarmName }) => names.includes(String(AlarmName)));
    return {
      json: {
        MetricAlarms: found.filter(({ AlarmRule }) => AlarmRule === undefined),
        CompositeAlarms: found.filter(({ AlarmRule }) => AlarmRule !== undefined),
      },
    };
  });
  const [page] = await awsPorts(cloud.target).alarms.read(["page"]);
  return { page, questions: cloud.asked.length };
}

describe("an OK of a composite alarm", () => {
  test.each([
    ["ALARM(errors) OR ALARM(slow)"],
    ['ALARM("errors") AND NOT (OK("slow") OR FALSE)'],
    ["AT_LEAST(2, ALARM, (errors, slow))"],
    ['INSUFFICIENT_DATA("arn:aws:cloudwatch:us-east-1:123456789012:alarm:slow") OR ALARM(errors)'],
  ])("counts after the longest range of its children, from their last edit on: %s", async (rule) => {
    const slow = metric("slow", { Period: 300, AlarmConfigurationUpdatedTimestamp: 1_700_000_000 });
    const { page, questions } = await read([composite("page", rule), metric("errors"), slow]);
    expect(page).toMatchObject({
      firesAfterMs: 4 * 300_000,
      configuredMs: 1_700_000_000_000,
      doubt: undefined,
    });
    expect(questions).toBe(2);
  });

  test("is that of composites below it, also in a circle", async () => {
    const { page } = await read([
      composite("page", "ALARM(team)"),
      composite("team", "ALARM(errors) OR ALARM(page)"),
      metric("errors"),
    ]);
    expect(page).toMatchObject({ firesAfterMs: 4 * 60_000, doubt: undefined });
  });

  test.each<readonly [string, readonly Told[], string]>([
    [
      "without data",
      [metric("errors", { StateValue: "INSUFFICIENT_DATA" })],
      "errors is in INSUFFICIENT_DATA",
    ],
    [
      "that CloudWatch doubts",
      [metric("errors", { EvaluationState: "PARTIAL_DATA" })],
      "errors is in PARTIAL_DATA",
    ],
    ["that is gone", [], "errors does not exist"],
    [
      "whose own child has no data",
      [composite("errors", "ALARM(deep)"), metric("deep", { StateValue: "INSUFFICIENT_DATA" })],
      "deep is in INSUFFICIENT_DATA",
    ],
    [
      "that is too deep",
      ["errors", "1a", "2a", "3a", "4a", "5a"].map((name, level) => composite(name, `ALARM(${level + 1}a)`)),
      "5a is more than 5 composites deep",
    ],
  ])("is doubtful for a child %s", async (_what, children, doubt) => {
    expect((await read([composite("page", "ALARM(errors)"), ...children])).page).toMatchObject({ doubt });
  });

  test.each(["OK", "NOT", "50"])("is that of a child with the name %s, too", async (name) => {
    const child = metric(name, { StateValue: "INSUFFICIENT_DATA" });
    for (const rule of [`ALARM(${name})`, `AT_LEAST(1, NOT OK, (${name}))`])
      expect((await read([composite("page", rule), child])).page).toMatchObject({
        doubt: `${name} is in INSUFFICIENT_DATA`,
      });
  });

  test("is doubtful where its children may not be read, and says why", async () => {
    const { page } = await read([composite("page", "ALARM(errors)"), metric("errors")], "errors");
    expect(page?.doubt).toMatch(/^errors could not be read \(AccessDenied/);
  });
});

test("a composite in ALARM is one, and nobody asks for its children", async () => {
  const { page, questions } = await read([composite("page", "ALARM(errors)", { StateValue: "ALARM" })]);
  expect(page).toMatchObject({ state: "ALARM" });
  expect(page?.doubt).toBeUndefined();
  expect(questions).toBe(1);
});
