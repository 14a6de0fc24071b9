import { ifThere, first, made, type Call } from "../../calls.ts";
import { api, attribute, changedMembers, resource } from "../../record-shape.ts";
import type { ResourceType, ChangeStep } from "../../resource-type.ts";
import { asProperties, flag, flagAs, members, number, set, text } from "../../shape.ts";
import { attributeStep, fromAttributes } from "./attributes.ts";
import { elbTags, elbTagStep, readElbTags } from "./tags.ts";

const inputs = resource({
  name: api("Name", text()),
  internal: api("Scheme", flagAs("internal", "internet-facing"), false),
  loadBalancerType: api("Type", text(), "application"),
  ipAddressType: api("IpAddressType", text()),
  subnets: api("Subnets", set(text())),
  securityGroups: api("SecurityGroups", set(text())),
  tags: api("Tags", elbTags, {}),
  clientKeepAlive: attribute("client_keep_alive.seconds", number(), 3600),
  desyncMitigationMode: attribute("routing.http.desync_mitigation_mode", text(), "defensive"),
  dropInvalidHeaderFields: attribute("routing.http.drop_invalid_header_fields.enabled", flag(), false),
  enableDeletionProtection: attribute("deletion_protection.enabled", flag(), false),
  enableHttp2: attribute("routing.http2.enabled", flag(), true),
  enableTlsVersionAndCipherSuiteHeaders: attribute(
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
    flag(),
    false,
  ),
  enableWafFailOpen: attribute("waf.fail_open.enabled", flag(), false),
  enableXffClientPort: attribute("routing.http.xff_client_port.enabled", flag(), false),
  enableZonalShift: attribute("zonal_shift.config.enabled", flag(), false),
  idleTimeout: attribute("idle_timeout.timeout_seconds", number(), 60),
  preserveHostHeader: attribute("routing.http.preserve_host_header.enabled", flag(), false),
  xffHeaderProcessingMode: attribute("routing.http.xff_header_processing.mode", text(), "append"),
});

export function loadBalancerType(call: Call): ResourceType {
  /** Properties that have an operation of their own. */
  const setStep = (property: string, operation: string): ChangeStep => ({
    properties: [property],
    async apply({ arn, news, changed }) {
      await call(operation, {
        LoadBalancerArn: arn,
        ...changedMembers(inputs, news, only(changed, property)),
      });
    },
  });
  return {
    inputs,
    replacedBy: ["name", "internal", "loadBalancerType", "region"],
    identity: ["name"],
    named: { property: "name", maxLength: 32 },
    async create(wanted) {
      const arn = String(
        made(await call("CreateLoadBalancer", inputs.toApi(wanted)), "LoadBalancers")["LoadBalancerArn"],
      );
      return { id: arn, arn };
    },
    steps: [
      attributeStep(inputs, call, "ModifyLoadBalancerAttributes", "LoadBalancerArn"),
      setStep("subnets", "SetSubnets"),
      setStep("securityGroups", "SetSecurityGroups"),
      setStep("ipAddressType", "SetIpAddressType"),
      elbTagStep(call),
    ],
    async describe({ arn }) {
      const answer = await ifThere(call("DescribeLoadBalancers", { LoadBalancerArns: [arn] }));
      const found = answer && first(answer, "LoadBalancers");
      if (found === undefined) return undefined;
      const zones = members(found["AvailabilityZones"]).map(asProperties);
      const attributes = await call("DescribeLoadBalancerAttributes", { LoadBalancerArn: arn });
      return {
        ...inputs.fromApi({
          ...found,
          Name: found["LoadBalancerName"],
          Subnets: zones.map((zone) => zone["SubnetId"]),
        }),
        ...fromAttributes(inputs, attributes),
        ...(await readElbTags(call, arn)),
        arn,
        arnSuffix: arn.slice(arn.indexOf(":loadbalancer/") + ":loadbalancer/".length),
        dnsName: found["DNSName"],
        zoneId: found["CanonicalHostedZoneId"],
        vpcId: found["VpcId"],
      };
    },
    async delete({ arn }) {
      await ifThere(call("DeleteLoadBalancer", { LoadBalancerArn: arn }));
    },
  };
}

function only(changed: ReadonlySet<string>, property: string): ReadonlySet<string> {
  return new Set([...changed].filter((name) => name === property));
}
