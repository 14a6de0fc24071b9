import { expect, it } from "vitest";

import { formerUrns } from "../deployment/aliases.ts";
import { urnOf } from "../values/urn.ts";

const stack = "dev";
const project = "shop";
const parent = urnOf({ stack, project, type: "shop:index:Slot", name: "blue" });
const now = { stack, project, type: "aws:lb/targetGroup:TargetGroup", name: "group", parent };

it("an alias names only what was different", () => {
  expect(
    formerUrns(now, [{ name: "old" }, { type: "aws:alb/targetGroup:TargetGroup" }, { parent: null }], []),
  ).toEqual([
    "urn:pulumi:dev::shop::shop:index:Slot$aws:lb/targetGroup:TargetGroup::old",
    "urn:pulumi:dev::shop::shop:index:Slot$aws:alb/targetGroup:TargetGroup::group",
    "urn:pulumi:dev::shop::aws:lb/targetGroup:TargetGroup::group",
  ]);
});

it("an alias may be a whole URN", () => {
  expect(formerUrns(now, [{ urn: "urn:pulumi:x::y::z::w" }], [])).toEqual(["urn:pulumi:x::y::z::w"]);
});

it("a child moves with its parent", () => {
  const before = urnOf({ stack, project, type: "shop:index:Side", name: "blue" });
  expect(formerUrns(now, [{ name: "old" }], [before])).toEqual([
    "urn:pulumi:dev::shop::shop:index:Slot$aws:lb/targetGroup:TargetGroup::old",
    "urn:pulumi:dev::shop::shop:index:Side$aws:lb/targetGroup:TargetGroup::group",
    "urn:pulumi:dev::shop::shop:index:Side$aws:lb/targetGroup:TargetGroup::old",
  ]);
});
