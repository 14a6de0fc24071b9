import { createHash } from "node:crypto";
import { notSupported } from "../errors.ts";
import { UNKNOWN, type Properties } from "./provider.ts";

/*
 * Inside the engine a value is plain JSON in which a secret is wrapped as Pulumi wraps it on the wire
 * (@pulumi/pulumi/runtime/rpc.js): {"4dabf…": "1b47…", value}. Providers get it revealed, files get it sealed.
 */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SIGNATURES = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  outputValue: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
};
const MASK = "[secret]";

interface Secret {
  value: unknown;
}

export function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function secret(value: unknown): Properties {
  return { [SIGNATURE]: SIGNATURES.secret, value: reveal(value) };
}

export function isSecret(value: unknown): value is Secret & Properties {
  return isRecord(value) && value[SIGNATURE] === SIGNATURES.secret;
}

/** Applies `change` to every element or property, one level deep. */
export function mapChildren(value: unknown, change: (child: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, change(child)]));
}

/** From the wire: output values become their value, references the id (or URN) they stand for. */
export function decode(value: unknown): unknown {
  if (!isRecord(value)) return mapChildren(value, decode);
  switch (value[SIGNATURE]) {
    case undefined:
      return mapChildren(value, decode);
    case SIGNATURES.secret:
      return secret(decode(value["value"]));
    case SIGNATURES.outputValue: {
      const inner = value["value"] === undefined ? UNKNOWN : decode(value["value"]);
      return value["secret"] === true ? secret(inner) : inner;
    }
    case SIGNATURES.resource:
      // A custom resource without an id yet is one that a preview would create.
      return value["id"] === undefined ? value["urn"] : value["id"] === "" ? UNKNOWN : value["id"];
    case SIGNATURES.asset:
      if (typeof value["hash"] === "string") return hashed(value["hash"], SIGNATURES.asset);
      if (typeof value["text"] !== "string") throw notSupported("assets other than text");
      return { [SIGNATURE]: SIGNATURES.asset, text: value["text"] };
    case SIGNATURES.archive:
      if (typeof value["hash"] === "string") return hashed(value["hash"], SIGNATURES.archive);
      if (!isRecord(value["assets"])) throw notSupported("archives other than of assets");
      return { [SIGNATURE]: SIGNATURES.archive, assets: mapChildren(value["assets"], decode) };
    default:
      throw notSupported(`values with the signature ${String(value[SIGNATURE])}`);
  }
}

/** The CLI sends what its state has by its hash alone, so that is what both sides of a comparison are known by. */
const hashed = (hash: string, signature: string): Properties => ({ [SIGNATURE]: signature, hash });

/** Whether a value is an asset or an archive: one thing to people, however many files it holds. */
export function isAsset(value: unknown): value is Properties {
  const signature = isRecord(value) ? value[SIGNATURE] : undefined;
  return signature === SIGNATURES.asset || signature === SIGNATURES.archive;
}

/** Stands for an asset or an archive in what people read: the same for the same content. */
export function assetName(asset: Properties): string {
  const kind = asset[SIGNATURE] === SIGNATURES.asset ? "asset" : "archive";
  return `${kind}(${createHash("sha256").update(JSON.stringify(asset)).digest("hex").slice(0, 8)})`;
}

/** `decode` for the properties of a resource; a property that is null is an absent one. */
export function decodeProperties(wire: Properties): Properties {
  const decoded = Object.entries(wire).map(([key, value]) => [key, decode(value)] as const);
  return Object.fromEntries(decoded.filter(([, value]) => value !== null));
}

/** Plain JSON: every secret unwrapped. */
export function reveal(value: unknown): unknown {
  return isSecret(value) ? reveal(value.value) : mapChildren(value, reveal);
}

export function revealProperties(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, reveal(value)]));
}

/** For people and logs: every secret hidden. */
export function mask(value: unknown): unknown {
  return isSecret(value) ? MASK : mapChildren(value, mask);
}

export function maskProperties(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, mask(value)]));
}

export function hasSecret(value: unknown): boolean {
  return isSecret(value) || children(value).some(hasSecret);
}

export function hasUnknown(value: unknown): boolean {
  return value === UNKNOWN || children(value).some(hasUnknown);
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}

/**
 * Wraps again what a provider got revealed: what stands where `model` had a secret, and every text that contains
 * one of the model's secret texts (a JSON document made from it, say).
 */
export function keepSecret(properties: Properties, model: Properties): Properties {
  if (!hasSecret(model)) return properties;
  const texts = secretTexts(model);
  const wrapped = Object.entries(properties).map(([key, value]) => [
    key,
    hideTexts(hidePlaces(value, model[key]), texts),
  ]);
  return Object.fromEntries(wrapped);
}

function hidePlaces(value: unknown, model: unknown): unknown {
  if (isSecret(model)) return secret(value);
  if (Array.isArray(value) && Array.isArray(model)) {
    return value.map((child, index) => hidePlaces(child, model[index]));
  }
  if (isRecord(value) && isRecord(model)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [key, hidePlaces(child, model[key])]),
    );
  }
  return value;
}

function hideTexts(value: unknown, texts: Set<string>): unknown {
  if (isSecret(value)) return value;
  if (typeof value !== "string") return mapChildren(value, (child) => hideTexts(child, texts));
  // A short secret would be found inside innocent texts ("a" in every ARN): it has to be the whole text.
  const shortest = 8;
  const hidden = [...texts].some(
    (text) => value === text || (text.length >= shortest && value.includes(text)),
  );
  return hidden ? secret(value) : value;
}

function secretTexts(value: unknown): Set<string> {
  if (isSecret(value)) return new Set(textsOf(value.value));
  return new Set(children(value).flatMap((child) => [...secretTexts(child)]));
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return value === "" || value === UNKNOWN ? [] : [value];
  return children(value).flatMap(textsOf);
}

/** Secrets as they stand in a file: `seal` encrypts their JSON, `open` decrypts it. */
export function seal(value: unknown, encrypt: (text: string) => string): unknown {
  if (!isSecret(value)) return mapChildren(value, (child) => seal(child, encrypt));
  return { [SIGNATURE]: SIGNATURES.secret, ciphertext: encrypt(JSON.stringify(value.value)) };
}

export function open(value: unknown, decrypt: (ciphertext: string) => string): unknown {
  if (!isSecret(value)) return mapChildren(value, (child) => open(child, decrypt));
  return secret(JSON.parse(decrypt(String(value["ciphertext"]))));
}
