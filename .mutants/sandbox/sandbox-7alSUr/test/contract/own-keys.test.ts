import { describe, expect, test } from "vitest";
import { rawOfModel } from "../../contract/config/own-keys.ts";

const ALL = {
  "aws:region": "us-east-1",
  "fraud:blue": "{}",
  "churn:blue": "{}",
  "shop:service": '{"cpu":256}',
  "shop:rollout": '{"protect":false}',
  "shop:testToken": "t",
  "shop:dbPassword": "p",
};
const LOCAL = { ...ALL, "shop:localCloud": "http://127.0.0.1:1" };

describe("the configuration as one model reads it", () => {
  test("has that model's keys bare, and those of others under their names", () => {
    expect(rawOfModel(ALL, { project: "shop", model: "fraud" })).toEqual({
      "aws:region": "us-east-1",
      blue: "{}",
      "churn:blue": "{}",
      "shop:service": '{"cpu":256}',
      "shop:rollout": '{"protect":false}',
      "shop:testToken": "t",
      "shop:dbPassword": "p",
    });
  });

  test("has on a local cloud what `bluegreen local` writes for the project, unless it says so itself", () => {
    const own = { ...LOCAL, "fraud:service": '{"cpu":1024}' };
    expect(rawOfModel(own, { project: "shop", model: "fraud" })).toEqual({
      "aws:region": "us-east-1",
      blue: "{}",
      "churn:blue": "{}",
      localCloud: "http://127.0.0.1:1",
      service: '{"cpu":1024}',
      rollout: '{"protect":false}',
      testToken: "t",
      "shop:dbPassword": "p",
    });
  });

  test("of the model that is called as the project is the project's", () => {
    expect(rawOfModel(LOCAL, { project: "shop", model: "shop" })).toMatchObject({ testToken: "t" });
  });
});
