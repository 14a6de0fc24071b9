export interface Network {
  readonly vpcId: string;
  /** At least two, each with a way to the internet, in different zones. */
  readonly subnets: readonly Subnet[];
}

export interface Subnet {
  readonly id: string;
  readonly zone: string;
  readonly zoneId: string;
}

export type SlotName = "blue" | "green";

export interface Group {
  readonly arn: string;
  /** As CloudWatch's dimension has it. */
  readonly suffix: string;
}

export interface Base {
  readonly network: Network;
  readonly securityGroup: string;
  readonly url: string;
  readonly loadBalancerArn: string;
  readonly loadBalancerSuffix: string;
  readonly listenerArn: string;
  readonly ruleArn: string;
  readonly groups: Readonly<Record<SlotName, Group>>;
  readonly cluster: string;
  readonly taskDefinitions: Readonly<Record<SlotName, string>>;
}
