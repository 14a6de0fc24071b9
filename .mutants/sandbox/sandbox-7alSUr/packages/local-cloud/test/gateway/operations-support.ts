import { expect } from "vitest";
import { split, world } from "./support.ts";
import type { World } from "./support.ts";

export async function withGroups() {
  const w = await world();
  const [blue, green] = [await w.createGroup("blue"), await w.createGroup("green")];
  const rule = await w.createRule(10, [
    split([
      [blue, 100],
      [green, 0],
    ]),
  ]);
  return { ...w, blue, green, rule };
}

export type Groups = Awaited<ReturnType<typeof withGroups>>;

export const NOWHERE = "arn:aws:elasticloadbalancing:us-east-1:000000000000";

export const fixed = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } };
export const anyPath = [{ Field: "path-pattern", Values: ["/*"] }];
export const groupInput = { Name: "g", Protocol: "HTTP", Port: 80, VpcId: "vpc-1", TargetType: "ip" };

export function rule(w: World, over: object) {
  return { ListenerArn: w.listenerArn, Priority: 20, Conditions: anyPath, Actions: [fixed], ...over };
}

export function forward(w: Groups, weights: readonly number[], over: object = {}) {
  const arns = [w.blue, w.green];
  const TargetGroups = weights.map((Weight, i) => ({ TargetGroupArn: arns[i], Weight }));
  return { RuleArn: w.rule, Actions: [{ Type: "forward", ForwardConfig: { TargetGroups, ...over } }] };
}

/** An input that is refused: the operation, its input, the error's code, and what its message must say. */
export type Refusal = readonly [
  title: string,
  operation: string,
  input: (w: Groups) => object,
  code: string,
  message: RegExp,
];

/** Expects the error, and that nothing has changed. */
export async function expectRefusal([, operation, input, code, message]: Refusal): Promise<void> {
  const w = await withGroups();
  const before = w.elb.snapshot();
  await expect((async () => w.call(operation, input(w)))()).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
  expect(w.elb.snapshot()).toEqual(before);
}
