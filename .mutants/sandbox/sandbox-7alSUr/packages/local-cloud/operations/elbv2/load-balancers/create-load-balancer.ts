import { randomBytes } from "node:crypto";
import type { CreateLoadBalancerInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { creatingNamed } from "../../../access/requires-elb.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { AwsError } from "../../../aws-api/errors.ts";
import type { ElbControl } from "../../../gateway/control.ts";
import type { LoadBalancerRecord } from "../../../gateway/model.ts";
import { initialAttributes, LOAD_BALANCER_ATTRIBUTES } from "../../../gateway/resources/attributes.ts";
import { checkName, elbInput, simulatedOnly, validationError } from "../../../gateway/resources/input.ts";
import { describeLoadBalancers } from "../../../gateway/resources/load-balancers.ts";
import { addTags } from "../../../gateway/resources/tags.ts";

/** The port of the listener that most load balancers have. */
const HTTP_PORT = 80;

export default defineOperation({
  service: "elasticloadbalancing",
  name: "CreateLoadBalancer",
  requires: creatingNamed("loadbalancer/app"),
  async run(control, raw) {
    const { model, changed, doors } = control;
    const input = elbInput<CreateLoadBalancerInput>(
      "CreateLoadBalancer",
      ["Name", "Subnets", "SecurityGroups", "Scheme", "Tags", "Type", "IpAddressType"],
      raw,
    );
    const wanted = loadBalancerFrom(control, input);
    const tags = addTags({}, input.Tags);
    const existing = sameName(control, wanted);
    if (existing !== undefined) return describeLoadBalancers([existing]);
    // The port is taken now and not with the first listener, so that the DNS name is right from the start.
    const frontPort = await doors.open(
      control.listenPort({ loadBalancerName: wanted.name, port: HTTP_PORT }),
    );
    if (sameName(control, wanted) !== undefined) {
      doors.shut(frontPort);
      throw duplicate(wanted.name);
    }
    const record = { ...wanted, frontPort };
    model.loadBalancers.set(record.arn, record);
    model.tags.set(record.arn, tags);
    changed();
    return describeLoadBalancers([record]);
  },
});

function loadBalancerFrom(
  { arns, clock }: ElbControl,
  input: CreateLoadBalancerInput,
): Omit<LoadBalancerRecord, "frontPort"> {
  const name = checkName("Load balancer", input.Name);
  if (name.startsWith("internal-"))
    throw validationError(`Load balancer name '${name}' cannot begin with 'internal-'`);
  simulatedOnly("load balancer type", input.Type, ["application"]);
  simulatedOnly("IP address type", input.IpAddressType, ["ipv4"]);
  const subnets = [...(input.Subnets ?? [])];
  if (new Set(subnets).size < 2)
    throw validationError("At least two subnets in two different Availability Zones must be specified");
  return {
    arn: arns.loadBalancer(name),
    name,
    scheme: simulatedOnly("scheme", input.Scheme, ["internet-facing", "internal"]),
    createdMs: clock.now(),
    subnets,
    securityGroups: [...(input.SecurityGroups ?? [])],
    attributes: initialAttributes(LOAD_BALANCER_ATTRIBUTES),
    cookieKey: randomBytes(32).toString("hex"),
  };
}

/** ELB API: creating a load balancer again with the same settings succeeds, with others it does not. */
function sameName(
  { model }: ElbControl,
  wanted: Omit<LoadBalancerRecord, "frontPort">,
): LoadBalancerRecord | undefined {
  const existing = [...model.loadBalancers.values()].find(({ name }) => name === wanted.name);
  if (existing === undefined) return undefined;
  const settings = ({ scheme, subnets, securityGroups }: typeof wanted) =>
    JSON.stringify([scheme, subnets, securityGroups]);
  if (settings(existing) !== settings(wanted)) throw duplicate(wanted.name);
  return existing;
}

function duplicate(name: string): AwsError {
  return new AwsError("DuplicateLoadBalancerName", `A load balancer with the name '${name}' exists already`);
}
