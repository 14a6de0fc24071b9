import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { UNKNOWN, type Properties } from "../values/provider.ts";
import { leafChanges } from "../values/property-diff.ts";
import {
  assetName,
  decode,
  decodeProperties,
  hasSecret,
  isAsset,
  keepSecret,
  mask,
  open,
  reveal,
  seal,
  secret,
} from "../values/values.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";

describe("what comes over the wire", () => {
  it("an output value becomes its value, its secrecy or an unknown", () => {
    const outputValue = { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" };
    expect(decode({ ...outputValue, value: [1] })).toEqual([1]);
    expect(decode({ ...outputValue, value: "x", secret: true })).toEqual(secret("x"));
    expect(decode(outputValue)).toBe(UNKNOWN);
  });

  it("a reference becomes the id of a resource, the URN of a component, or an unknown", () => {
    const reference = { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:x" };
    expect(decode({ ...reference, id: "i-1" })).toBe("i-1");
    expect(decode({ ...reference, id: "" })).toBe(UNKNOWN);
    expect(decode(reference)).toBe("urn:x");
  });

  it("an archive of text stays what it is, and is one thing in a difference", () => {
    const archiveOf = (text: string) => ({
      [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7",
      assets: { "a.mjs": { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", text } },
    });
    const [before, after] = [decode(archiveOf("one")), decode(archiveOf("two"))];
    expect(before).toEqual(archiveOf("one"));
    expect(leafChanges({ code: before }, { code: after })).toEqual([
      { path: "code", kind: "update", before, after },
    ]);
    const names = [before, after, decode(archiveOf("one"))].map((one) => isAsset(one) && assetName(one));
    expect(names[0]).toMatch(/^archive\([0-9a-f]{8}\)$/);
    expect(names[2]).toBe(names[0]);
    expect(names[1]).not.toBe(names[0]);
  });

  it("an archive that the CLI knows by its hash is the same with its content and without", () => {
    const archive = { [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7", hash: "abc" };
    const asset = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", text: "one" };
    expect(decode({ ...archive, assets: { "a.mjs": asset } })).toEqual(archive);
    expect(decode(archive)).toEqual(archive);
    expect(decode({ ...asset, hash: "def" })).toEqual({ [SIGNATURE]: asset[SIGNATURE], hash: "def" });
  });

  it("assets from files or addresses are refused by name", () => {
    const asset = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", path: "a.txt" };
    const archive = { [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7", path: "a.zip" };
    expect(() => decode({ a: [asset] })).toThrow("does not support assets other than text");
    expect(() => decode({ a: archive })).toThrow("does not support archives other than of assets");
  });

  it("a property that is null is absent", () => {
    expect(decodeProperties({ a: null, b: [null], c: 0 })).toEqual({ b: [null], c: 0 });
  });
});

describe("secrets", () => {
  it("are hidden from people and revealed to providers, at any depth", () => {
    const value = { a: [{ b: secret({ c: "x" }) }], d: 1 };
    expect(mask(value)).toEqual({ a: [{ b: "[secret]" }], d: 1 });
    expect(reveal(value)).toEqual({ a: [{ b: { c: "x" } }], d: 1 });
  });

  it("stay secret in what a provider made of them: at the same place, and wherever the text turns up", () => {
    const model: Properties = { n: secret(7), list: ["a", secret("hunter2-hunter2")] };
    const outputs = { n: 7, list: ["a", "hunter2-hunter2"], json: '{"p":"hunter2-hunter2"}', other: "a" };
    expect(mask(keepSecret(outputs, model))).toEqual({
      n: "[secret]",
      list: ["a", "[secret]"],
      json: "[secret]",
      other: "a",
    });
  });

  it("a short secret hides whole texts only", () => {
    expect(keepSecret({ arn: "arn:b", same: "b" }, { x: secret("b") })).toEqual({
      arn: "arn:b",
      same: secret("b"),
    });
  });

  it("survive a file, where their text does not stand", () => {
    const box = (text: string) => Buffer.from(text).toString("base64");
    const unbox = (text: string) => Buffer.from(text, "base64").toString();
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (plain, hidden) => {
        const value = { plain, hidden: [secret(hidden)] };
        const file = JSON.stringify(seal(value, box));
        expect(JSON.stringify(open(JSON.parse(file), unbox))).toBe(JSON.stringify(value));
        expect(hasSecret(JSON.parse(file))).toBe(true);
      }),
    );
    expect(JSON.stringify(seal(secret("plain text"), box))).not.toContain("plain text");
  });
});
