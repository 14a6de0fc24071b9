import { describe, expect, test } from "vitest";
import { showLogs } from "../../../cli/view/history.ts";
import { logs } from "../../../validation/insight/logs.ts";
import { candidateReady, oneModel } from "../support/samples.ts";
import { World } from "../support/world.ts";

describe("logs", () => {
  test("reads what the slot's tasks wrote, where it is within reach", async () => {
    const asked: unknown[] = [];
    const read = async (service: string, lines: number) => {
      asked.push([service, lines]);
      return [{ taskId: "1", lines: ["loaded", "ready"] }];
    };
    const shown = await logs(new World(candidateReady()).context(), "green", 5, read);
    expect(asked).toEqual([["service-green", 5]]);
    expect(shown).toMatchObject({ exitCode: 0, sentence: "2 lines of 1 task of green", aws: undefined });
  });

  test("says whose the lines are, when ECS went back to the model before", async () => {
    const read = async () => [
      { taskId: "c", taskDefinition: "green:1", lines: ["serving"] },
      { taskId: "b", taskDefinition: "green:2", lines: ["no model"] },
    ];
    const shown = showLogs(await logs(new World(candidateReady()).context(), "green", 5, read));
    expect(shown.split("\n")).toEqual([
      "== task b of green:2",
      "no model",
      "== task c of green:1, not of green:2, which was requested last",
      "serving",
    ]);
  });

  test("on AWS says where they are, and the one command that shows them", async () => {
    const context = new World(candidateReady()).context();
    expect(await logs(context, "green", 5, undefined)).toMatchObject({
      exitCode: 0,
      tasks: [],
      aws: {
        logGroup: "/ecs/service-green",
        command: "aws logs tail /ecs/service-green --follow --region us-east-1",
      },
    });
  });

  test("has none of an empty slot", async () => {
    const none = logs(new World(oneModel()).context(), "green", 5, undefined);
    await expect(none).rejects.toMatchObject({ code: "BG170", exitCode: 64 });
  });
});
