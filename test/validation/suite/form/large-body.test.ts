import { expect, test } from "vitest";
import { largeBody } from "../../../../validation/suite/form/large-body.ts";
import { fakeSlots, goodService, introduced, json, type Service } from "../support/fake-slots.ts";

const sides = { candidate: "green", active: "blue" } as const;
const upTo =
  (bytes: number, version: string, status = 413): Service =>
  (question, count) =>
    String(question.body ?? "").length > bytes
      ? json(status, { error: "too large" })
      : goodService(version)(question, count);

async function checkOf(green: Service, blue: Service, xs: readonly unknown[] = [1]) {
  const slots = fakeSlots({ blue, green });
  const { speakers } = await introduced(slots.ask, sides);
  if (speakers === undefined) throw new Error("nobody can be asked");
  const before = slots.asked.length;
  const examples = xs.map((x) => ({ input: { x }, label: 1 }));
  const [found] = await largeBody(slots.ask, sides, speakers, examples);
  const askedOf = slots.asked.slice(before).map(({ slot }) => slot);
  return { found, isActiveAsked: askedOf.includes("blue") };
}

test("A candidate that refuses a large good request fails where the active slot takes it", async () => {
  expect((await checkOf(upTo(8_000, "2"), goodService("1"))).found).toEqual({
    name: "large-body",
    answer: "fail",
    reason:
      'a good request of 16000 bytes is refused (413: {"error":"too large"}), and the active slot answers it',
    numbers: { bytes: 16_000 },
  });
  const both = await checkOf(upTo(8_000, "2"), upTo(12_000, "1"));
  expect(both.found?.answer).toBe("pass");
});

test("The active slot is not asked what the candidate takes, or never answered", async () => {
  expect(await checkOf(goodService("2"), goodService("1"))).toMatchObject({
    found: { answer: "pass" },
    isActiveAsked: false,
  });
  expect(await checkOf(upTo(8_000, "2", 502), goodService("1"))).toMatchObject({
    found: { answer: "warn" },
    isActiveAsked: false,
  });
});

test("How large it is depends on the largest example, up to a limit", async () => {
  const bytesOf = async (length: number) =>
    (await checkOf(goodService("2"), goodService("1"), [1, "a".repeat(length)])).found?.numbers["bytes"];
  expect(await bytesOf(5_000)).toBe(50_080);
  expect(await bytesOf(500_000)).toBe(900_000);
});
