import { randomBytes } from "node:crypto";
import type {
  CreateLoadBalancerInput,
  DeleteLoadBalancerInput,
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancersInput,
  LoadBalancer,
  ModifyLoadBalancerAttributesInput,
  SetSecurityGroupsInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../aws-api/errors.ts";
import type { Operations } from "../../aws-api/operations.ts";
import { find, listenersOf, notFound } from "../model.ts";
import type { LoadBalancerRecord } from "../model.ts";
import { LOAD_BALANCER_ATTRIBUTES, initialAttributes, listAttributes, setAttributes } from "./attributes.ts";
import type { Control } from "./control.ts";
import { checkName, operation, page, simulatedOnly, validationError } from "./input.ts";
import { removeListener } from "./listeners.ts";
import { addTags } from "./tags.ts";

/** The port of the listener that most load balancers have. */
const HTTP_PORT = 80;

export function loadBalancerOperations(control: Control): Operations {
  const { model, changed, doors } = control;
  return {
    CreateLoadBalancer: operation<CreateLoadBalancerInput>(
      "CreateLoadBalancer",
      ["Name", "Subnets", "SecurityGroups", "Scheme", "Tags", "Type", "IpAddressType"],
      async (input) => {
        const wanted = loadBalancerFrom(control, input);
        const tags = addTags({}, input.Tags);
        const existing = sameName(control, wanted);
        if (existing !== undefined) return describe([existing]);
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
        return describe([record]);
      },
    ),
    DescribeLoadBalancers: operation<DescribeLoadBalancersInput>(
      "DescribeLoadBalancers",
      ["LoadBalancerArns", "Names", "Marker", "PageSize"],
      (input) => {
        const { items, NextMarker } = page(selected(control, input), input);
        return { ...describe(items), NextMarker };
      },
    ),
    DeleteLoadBalancer: operation<DeleteLoadBalancerInput>(
      "DeleteLoadBalancer",
      ["LoadBalancerArn"],
      (input) => {
        const record = model.loadBalancers.get(input.LoadBalancerArn ?? "");
        // ELB API: "If the load balancer does not exist or has already been deleted, the call succeeds."
        if (record === undefined) return {};
        if (record.attributes["deletion_protection.enabled"] === "true")
          throw new AwsError(
            "OperationNotPermitted",
            `Load balancer '${record.arn}' cannot be deleted because deletion protection is enabled`,
          );
        for (const listener of listenersOf(model, record.arn)) removeListener(control, listener);
        model.loadBalancers.delete(record.arn);
        model.tags.delete(record.arn);
        doors.shut(record.frontPort);
        changed();
        return {};
      },
    ),
    ModifyLoadBalancerAttributes: operation<ModifyLoadBalancerAttributesInput>(
      "ModifyLoadBalancerAttributes",
      ["LoadBalancerArn", "Attributes"],
      (input) => {
        const record = find(model, "loadBalancers", input.LoadBalancerArn);
        const attributes = setAttributes(LOAD_BALANCER_ATTRIBUTES, record.attributes, input.Attributes);
        model.loadBalancers.set(record.arn, { ...record, attributes });
        changed();
        return { Attributes: listAttributes(attributes) };
      },
    ),
    DescribeLoadBalancerAttributes: operation<DescribeLoadBalancerAttributesInput>(
      "DescribeLoadBalancerAttributes",
      ["LoadBalancerArn"],
      (input) => ({
        Attributes: listAttributes(find(model, "loadBalancers", input.LoadBalancerArn).attributes),
      }),
    ),
    SetSecurityGroups: operation<SetSecurityGroupsInput>(
      "SetSecurityGroups",
      ["LoadBalancerArn", "SecurityGroups"],
      (input) => {
        const record = find(model, "loadBalancers", input.LoadBalancerArn);
        const securityGroups = [...(input.SecurityGroups ?? [])];
        model.loadBalancers.set(record.arn, { ...record, securityGroups });
        changed();
        return { SecurityGroupIds: securityGroups };
      },
    ),
  };
}

function loadBalancerFrom(
  { arns, clock }: Control,
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
  { model }: Control,
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

function selected({ model }: Control, input: DescribeLoadBalancersInput): LoadBalancerRecord[] {
  const { LoadBalancerArns: arns = [], Names: names = [] } = input;
  if (arns.length > 0) return arns.map((arn) => find(model, "loadBalancers", arn));
  const all = [...model.loadBalancers.values()];
  if (names.length === 0) return all;
  return names.map((wanted) => {
    const record = all.find(({ name }) => name === wanted);
    if (record === undefined) throw notFound("loadBalancers", wanted);
    return record;
  });
}

function describe(records: readonly LoadBalancerRecord[]): { LoadBalancers: LoadBalancer[] } {
  return {
    LoadBalancers: records.map((record) => ({
      LoadBalancerArn: record.arn,
      LoadBalancerName: record.name,
      // With the port: port 80 needs rights that a local machine user does not have, and `http://<DNSName>/` must work.
      DNSName: `127.0.0.1:${record.frontPort}`,
      CanonicalHostedZoneId: "Z00000000000000000000",
      CreatedTime: new Date(record.createdMs),
      Scheme: record.scheme,
      State: { Code: "active" },
      Type: "application",
      IpAddressType: "ipv4",
      SecurityGroups: [...record.securityGroups],
      AvailabilityZones: record.subnets.map((subnet) => ({ SubnetId: subnet })),
    })),
  };
}
