import { ALL_PROTOCOLS } from "../../../validation/protocols/all.ts";
import { detect } from "../../../validation/protocols/detect.ts";
import { malformed } from "../../../validation/suite/malformed/table.ts";
import { asking, RECORDED } from "../../../test/validation/protocols/support/recorded-servers.ts";

/** Ours and the one that a user describes: nobody else speaks them. */
const OWN = ["bluegreen", "custom"];
const EXAMPLE = { input: { features: [0, 5, 13, 9] } };

/** Protocols that recorded servers speak, those that are known by their answers alone, and how many wrong inputs each gets. */
export async function tryProtocols() {
  const named = ALL_PROTOCOLS.map(({ name }) => name).filter((name) => !OWN.includes(name));
  const detected = new Set<string>();
  const malformedPerProtocol: Record<string, number> = {};
  for (const server of RECORDED) {
    const found = await detect(asking(server), "green", ALL_PROTOCOLS, {}, EXAMPLE.input);
    if (!("protocol" in found) || found.protocol.name !== server.protocol) continue;
    malformedPerProtocol[server.protocol] = malformed(found, EXAMPLE).length;
    if (named.includes(server.protocol)) detected.add(server.protocol);
  }
  return { protocols: { named: named.length, detected: detected.size }, malformedPerProtocol };
}
