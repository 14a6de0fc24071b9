import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { longestTimeout } from "../contract/shared-by-slots.ts";
import type { Names } from "../contract/names.ts";
import type { LastingConfig } from "./config.ts";
import type { Network } from "./network.ts";
import { stackTags } from "./tags.ts";

/** Where requests come in: the listener that the route stands on, and what is known of its load balancer. */
export interface Entrance {
  readonly listenerArn: pulumi.Input<string>;
  /** The listeners that the stack made itself; none when it shares one. */
  readonly listeners: readonly aws.lb.Listener[];
  /** `app/name/id`: the value of the CloudWatch dimension LoadBalancer. */
  readonly loadBalancerSuffix: pulumi.Output<string>;
  readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly url: pulumi.Output<string>;
}

// ELB's own default without this is ELBSecurityPolicy-2016-08, which still takes TLS 1.0.
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

export function createEntrance(names: Names, config: LastingConfig, network: Network): Entrance {
  const { listenerArn } = config.network;
  return listenerArn === undefined
    ? ownEntrance(names, config, network)
    : sharedEntrance(listenerArn, config);
}

function ownEntrance(names: Names, config: LastingConfig, network: Network): Entrance {
  const { service, rollout } = config;
  const { certificateArn } = service;
  const tags = { ...stackTags(names) };
  const { protect } = rollout;
  const group = new aws.ec2.SecurityGroup("lb", {
    description: "Load balancer: who may reach it",
    vpcId: network.vpcId,
    ingress: (certificateArn === undefined ? [80] : [80, 443]).map((port) => ({
      description: "service.allowedCidrs",
      protocol: "tcp",
      fromPort: port,
      toPort: port,
      cidrBlocks: [...service.allowedCidrs],
    })),
    egress: [{ description: "Tasks", protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
    tags,
  });
  const name = names.loadBalancer;
  const { loadBalancer } = new awsx.lb.ApplicationLoadBalancer(
    "lb",
    {
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
      ipAddressType: "ipv4",
      idleTimeout: longestTimeout(config),
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableHttp2: true,
      enableDeletionProtection: protect,
      tags,
    },
    { protect },
  );
  const [listener, ...others] = ownListeners(loadBalancer.arn, certificateArn, protect, tags);
  const scheme = certificateArn === undefined ? "http" : "https";
  return {
    listenerArn: listener.arn,
    listeners: [listener, ...others],
    loadBalancerSuffix: loadBalancer.arnSuffix,
    securityGroupIds: [group.id],
    url: pulumi.interpolate`${scheme}://${loadBalancer.dnsName}`,
  };
}

/**
 * The listener that the route stands on keeps its name with and without a certificate: ELB changes port and
 * protocol of a listener in place, so the route, which ELB cannot move to another listener, stays.
 */
function ownListeners(
  loadBalancerArn: pulumi.Input<string>,
  certificateArn: string | undefined,
  protect: boolean,
  tags: Record<string, string>,
): readonly [aws.lb.Listener, ...aws.lb.Listener[]] {
  const listener = new aws.lb.Listener(
    "listener",
    {
      loadBalancerArn,
      ...(certificateArn === undefined
        ? { port: 80, protocol: "HTTP" }
        : { port: 443, protocol: "HTTPS", certificateArn, sslPolicy: TLS_POLICY }),
      defaultActions: [
        {
          type: "fixed-response",
          fixedResponse: { statusCode: "503", contentType: "text/plain", messageBody: "No route." },
        },
      ],
      tags,
    },
    { protect },
  );
  if (certificateArn === undefined) return [listener];
  const redirect = new aws.lb.Listener(
    "redirect",
    {
      loadBalancerArn,
      port: 80,
      protocol: "HTTP",
      defaultActions: [
        { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
      ],
      tags,
    },
    // Port 80 is free only once the listener has left it.
    { protect, dependsOn: [listener] },
  );
  return [listener, redirect];
}

function sharedEntrance(listenerArn: string, { network }: LastingConfig): Entrance {
  const listener = aws.lb.getListenerOutput({ arn: listenerArn });
  const loadBalancer = aws.lb.getLoadBalancerOutput({ arn: listener.loadBalancerArn });
  const named = network.hostHeaders.find((host) => !/[*?]/.test(host));
  return {
    listenerArn,
    listeners: [],
    loadBalancerSuffix: loadBalancer.arnSuffix,
    securityGroupIds: loadBalancer.securityGroups,
    url: pulumi
      .all([listener.protocol, listener.port, loadBalancer.dnsName])
      .apply(([protocol, port, dnsName]) => addressOf(protocol, port, named ?? dnsName)),
  };
}

function addressOf(protocol: string, port: number, host: string): string {
  const scheme = protocol.toLowerCase();
  const usual = (scheme === "https" ? 443 : 80) === port;
  return `${scheme}://${host}${usual ? "" : `:${port}`}`;
}
