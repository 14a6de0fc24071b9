import { describe, expect, test } from "vitest";
import {
  comesTooEarly,
  isLeftOut,
  overtaken,
  saysOvertaken,
  writerIn,
  writerVariables,
} from "../../../contract/transition/writer.ts";

/** An update of fraud by a verb, made up from generation 3. */
const byFraud = writerIn(writerVariables("fraud", 3, true));

describe("an update by a verb, under the lock", () => {
  test.each([
    ["its own model is as it was", "fraud", { previous: 3, next: 4 }],
    ["another model is as it was", "churn", { previous: 7, next: 7 }],
    ["nothing is remembered of another model", "churn", { previous: undefined, next: 0 }],
  ] as const)("goes on where %s", (_title, model, generations) => {
    expect(overtaken(model, generations, byFraud)).toBeUndefined();
  });

  test.each([
    [
      "its own model has been written since, by a verb that has counted as far",
      "fraud",
      { previous: 4, next: 4 },
    ],
    ["another model has been written since", "churn", { previous: 8, next: 7 }],
  ] as const)("is overtaken where %s", (_title, model, generations) => {
    const refusal = overtaken(model, generations, byFraud);
    expect(refusal).toContain(`the model ${model} was changed by another update`);
    expect(saysOvertaken(`error: update failed: ${refusal}`)).toBe(true);
  });

  test("is overtaken where a person's own update has moved the users on whom its share was decided", () => {
    const decided = writerIn(writerVariables("fraud", 3, true, { blue: 90, green: 10 }));
    const deployed = { previous: 3, next: 4, split: { blue: 100, green: 0 } };
    const refusal = overtaken("fraud", deployed, decided);
    expect(refusal).toContain(
      "blue 100 % · green 0 % is deployed, and it was made up from blue 90 % · green 10 %",
    );
    expect(saysOvertaken(String(refusal))).toBe(true);
    expect(overtaken("fraud", { ...deployed, split: { blue: 90, green: 10 } }, decided)).toBeUndefined();
    expect(overtaken("churn", { ...deployed, next: 3 }, decided)).toBeUndefined();
    expect(overtaken("fraud", deployed, byFraud)).toBeUndefined();
  });

  test("waits for the update that tells of another model's rollback, unless it can touch one route alone", () => {
    const byChurn = writerIn(writerVariables("churn", 3, false));
    const refusal = comesTooEarly("fraud", true, byChurn);
    expect(saysOvertaken(String(refusal))).toBe(true);
    const others = [comesTooEarly("fraud", false, byChurn), comesTooEarly("churn", true, byChurn)];
    expect([
      ...others,
      comesTooEarly("churn", true, byFraud),
      comesTooEarly("fraud", true, writerIn({})),
    ]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("of a person, or of a version that says less, is judged by the other rules alone", () => {
    for (const environment of [{}, { BLUEGREEN_UPDATE_BY_VERB: "1" }, { BLUEGREEN_UPDATE_OF_MODEL: "fraud" }])
      expect(overtaken("churn", { previous: 8, next: 7 }, writerIn(environment))).toBeUndefined();
  });

  test("leaves the other models out where it can touch one route alone", () => {
    expect([isLeftOut("churn", byFraud), isLeftOut("fraud", byFraud)]).toEqual([true, false]);
    expect(isLeftOut("churn", writerIn(writerVariables("fraud", 3, false)))).toBe(false);
    expect(isLeftOut("churn", writerIn({}))).toBe(false);
  });
});
