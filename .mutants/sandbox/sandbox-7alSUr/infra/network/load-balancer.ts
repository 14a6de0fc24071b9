import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { isSix } from "../../contract/checks/address-problems.ts";
import { sharedName } from "../../contract/checks/host-name.ts";
import { longestTimeout } from "../../contract/checks/shared-by-slots.ts";
import type { NotYet } from "./not-yet.ts";
import { protectedIf, type Place } from "../component/place.ts";
import {
  entranceMemory,
  type EntranceMemory,
  type HttpListener,
} from "../../contract/transition/entrance-memory.ts";
import type { LastingConfig } from "../config.ts";
import { createCertificate, createRecord } from "./host-name.ts";
import { createListeners } from "./listeners.ts";
import type { Network } from "./network.ts";
import { stackTags } from "../tags.ts";

/** Where requests come in: the listener that the route stands on, and what is known of its load balancer. */
export interface Entrance {
  readonly listenerArn: pulumi.Input<string>;
  /** The listeners that the stack made itself; none when it shares one. */
  readonly listeners: readonly aws.lb.Listener[];
  /** `app/name/id`: the value of the CloudWatch dimension LoadBalancer. */
  readonly loadBalancerSuffix: pulumi.Output<string>;
  /** The load balancer's own name, which no certificate covers. */
  readonly loadBalancerDnsName: pulumi.Output<string>;
  readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly url: pulumi.Output<string>;
  /** For the next update; undefined: the entrance is another's. */
  readonly memory: EntranceMemory | undefined;
}

/** `httpListener`: what the stack's own listener at port 80 is called in the program. */
export function createEntrance(
  place: Place,
  config: LastingConfig,
  network: Network,
  httpListener: HttpListener,
  notYet: NotYet,
): Entrance {
  const { listenerArn } = config.network;
  return listenerArn === undefined
    ? ownEntrance(place, config, network, httpListener)
    : sharedEntrance(place, pulumi.output(notYet.listenerArn ?? listenerArn), config);
}

function ownEntrance(
  place: Place,
  config: LastingConfig,
  network: Network,
  httpListener: HttpListener,
): Entrance {
  const { service, rollout } = config;
  const { internal, ipAddressType } = config.network;
  const six = service.allowedCidrs.filter(isSix);
  const tags = { ...stackTags(place) };
  const certificateArn = createCertificate(place, config, tags);
  const { protect } = rollout;
  // EC2 takes no rule that lets in nobody.
  const open = service.allowedCidrs.length === 0 ? [] : certificateArn === undefined ? [80] : [80, 443];
  const group = new aws.ec2.SecurityGroup(
    place.name("lb"),
    {
      description: "Load balancer: who may reach it",
      vpcId: network.vpcId,
      ingress: open.map((port) => ({
        description: "service.allowedCidrs",
        protocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrBlocks: service.allowedCidrs.filter((block) => !isSix(block)),
        ...(six.length > 0 && { ipv6CidrBlocks: six }),
      })),
      egress: [{ description: "Tasks", protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
      tags,
    },
    place.options("lb"),
  );
  const name = place.names.loadBalancer;
  const { loadBalancer } = new awsx.lb.ApplicationLoadBalancer(
    place.name("lb"),
    place.transform("loadBalancer", "lb", {
      name,
      subnetIds: network.publicSubnetIds,
      securityGroups: [group.id],
      listeners: [],
      // awsx makes this group whether it is used or not; nothing here forwards to it.
      defaultTargetGroup: {
        name: `${name}-unused`,
        vpcId: network.vpcId,
        targetType: "ip",
        port: 80,
        protocol: "HTTP",
        tags,
      },
      ipAddressType,
      // One that faces the internet keeps its inputs as earlier versions had them.
      ...(internal && { internal }),
      idleTimeout: longestTimeout(config),
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableHttp2: true,
      enableDeletionProtection: protect,
      tags,
    }),
    { ...place.options("lb"), ...protectedIf(protect) },
  );
  const listeners = createListeners({
    place,
    loadBalancerArn: loadBalancer.arn,
    certificateArn,
    httpListener,
    protect,
    tags,
  });
  createRecord(place, config, loadBalancer, listeners);
  const scheme = certificateArn === undefined ? "http" : "https";
  return {
    listenerArn: listeners[0].arn,
    listeners,
    loadBalancerSuffix: loadBalancer.arnSuffix,
    loadBalancerDnsName: loadBalancer.dnsName,
    securityGroupIds: [group.id],
    // Without a name: as an earlier version deployed it.
    url: pulumi.interpolate`${scheme}://${service.hostName ?? loadBalancer.dnsName}`,
    memory: entranceMemory(config, httpListener),
  };
}

function sharedEntrance(place: Place, listenerArn: pulumi.Output<string>, config: LastingConfig): Entrance {
  const listener = aws.lb.getListenerOutput({ arn: listenerArn }, place.asking);
  const loadBalancer = aws.lb.getLoadBalancerOutput({ arn: listener.loadBalancerArn }, place.asking);
  const named = sharedName(config);
  return {
    listenerArn,
    listeners: [],
    loadBalancerSuffix: loadBalancer.arnSuffix,
    loadBalancerDnsName: loadBalancer.dnsName,
    securityGroupIds: loadBalancer.securityGroups,
    url: pulumi
      .all([listener.protocol, listener.port, loadBalancer.dnsName])
      .apply(([protocol, port, dnsName]) => addressOf(protocol, port, named ?? dnsName)),
    memory: undefined,
  };
}

function addressOf(protocol: string, port: number, host: string): string {
  const scheme = protocol.toLowerCase();
  const usual = (scheme === "https" ? 443 : 80) === port;
  return `${scheme}://${host}${usual ? "" : `:${port}`}`;
}
