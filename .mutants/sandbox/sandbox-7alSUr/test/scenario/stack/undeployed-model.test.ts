import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openShop, type Shop } from "../support/shop.ts";

const LONG = 300_000;

describe("given a program with another model that no update has deployed yet", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop(20, ["green"]);
    const program = `
import { BlueGreenService } from "./component/blue-green-service.ts";

const fraud = new BlueGreenService("fraud");
const churn = new BlueGreenService("churn");
const brand = new BlueGreenService("brand");

export default { fraud: fraud.outputs, churn: churn.outputs, brand: brand.outputs };
`;
    await shop.done("pulumi", "config", "set", "fraud:greenWeight", "10");
    await shop.done("pulumi", "up", "--yes", "--skip-preview");
    await writeFile(join(shop.place.root, "infra", "index.ts"), program);
  }, LONG);
  afterAll(() => shop.close(), LONG);

  it("a revert of one that has users is in line with Pulumi", { timeout: LONG }, async () => {
    const said = await shop.says("revert", "--model", "fraud");
    expect(said).toMatchObject({ exitCode: 0, pulumi: "inLine", to: "blue" });
    expect(await shop.outputs("fraud")).toMatchObject({ split: { blue: 100, green: 0 } });
    expect(await shop.outputs("churn")).toMatchObject({ activeSlot: "blue" });
  });

  it("and the next update deploys the other model", { timeout: LONG }, async () => {
    await shop.done("pulumi", "up", "--yes", "--skip-preview");
    await shop.done("pulumi", "preview", "--expect-no-changes");
    const said = await shop.says("status", "--model", "brand");
    expect(said).toMatchObject({ exitCode: 0, slots: { blue: { role: "empty" } } });
  });
});
