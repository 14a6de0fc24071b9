/**
 * What AWS asks for, in US dollars without tax, in one region. Prices change: each has where and when it was read.
 * To bring them up to date, change the numbers and the dates here; `npx bluegreen cost` shows both.
 */
export interface Price {
  readonly usd: number;
  readonly per: string;
  readonly source: string;
  /** ISO date on which the source was read, or was written. */
  readonly asOf: string;
  /** Whether the number was read on AWS's own page; otherwise it is what others say that AWS asks. */
  readonly confirmed: boolean;
}

export const PRICE_REGION = "us-east-1";

/** The date of the newest source in the table. */
export const PRICES_AS_OF = "2026-09-28";

const aws = (usd: number, per: string, page: string, asOf: string): Price => ({
  usd,
  per,
  source: `aws.amazon.com/${page}`,
  asOf,
  confirmed: true,
});
const others = (usd: number, per: string, source: string, asOf: string): Price => ({
  usd,
  per,
  source,
  asOf,
  confirmed: false,
});

// The price of Spot follows supply and demand: each number is of the day on which it was read.
const SPOT_FEED = "transcription of the price feed behind aws.amazon.com/fargate/pricing";
const CLOUDWATCH = "transcription of aws.amazon.com/cloudwatch/pricing";

export const PRICES = {
  // AWS's own example: 0.000011244 USD for a vCPU-second.
  vcpuX86: aws(0.04048, "vCPU-hour (Fargate, x86)", "ecs/pricing", "2026-09-20"),
  gbX86: others(0.004445, "GB-hour (Fargate, x86)", "factualminds.com, wring.co", "2026-06-17"),
  vcpuArm: others(0.03238, "vCPU-hour (Fargate, ARM)", "vantage.sh", "2026-04-01"),
  gbArm: others(0.00356, "GB-hour (Fargate, ARM)", "vantage.sh", "2026-04-01"),
  vcpuX86Spot: others(0.01288871, "vCPU-hour (Fargate Spot, x86)", SPOT_FEED, "2026-09-28"),
  gbX86Spot: others(0.00141527, "GB-hour (Fargate Spot, x86)", SPOT_FEED, "2026-09-28"),
  vcpuArmSpot: others(0.01030969, "vCPU-hour (Fargate Spot, ARM)", SPOT_FEED, "2026-09-28"),
  gbArmSpot: others(0.00113349, "GB-hour (Fargate Spot, ARM)", SPOT_FEED, "2026-09-28"),
  loadBalancer: aws(0.0225, "load balancer-hour", "elasticloadbalancing/pricing", "2026-09-20"),
  lcu: aws(0.008, "LCU-hour", "elasticloadbalancing/pricing", "2026-09-20"),
  nat: aws(0.045, "NAT gateway-hour", "vpc/pricing", "2026-09-20"),
  natGb: aws(0.045, "GB through a NAT gateway", "vpc/pricing", "2026-09-20"),
  publicIp: others(0.005, "public IPv4 address-hour", "LeanerCloud/aws-ipv4-cost-viewer", "2026-07-17"),
  alarmMetric: others(0.1, "alarm metric-month", CLOUDWATCH, "2026-05-05"),
  compositeAlarm: others(0.5, "composite alarm-month", "c3x.dev, site24x7.com", "2026-04-13"),
  dashboard: others(3, "dashboard-month", "nishinoshake/aws-rough", "2022-04-29"),
  customMetric: others(0.3, "custom metric-month", CLOUDWATCH, "2026-05-05"),
  metricsRead: others(0.01, "1,000 metrics read (GetMetricData)", CLOUDWATCH, "2026-05-05"),
  apiRequests: others(0.01, "1,000 CloudWatch requests", CLOUDWATCH, "2026-05-05"),
  logsIngested: others(0.5, "GB of logs taken in", CLOUDWATCH, "2026-05-05"),
  logsKept: others(0.03, "GB-month of logs kept", CLOUDWATCH, "2026-05-05"),
} as const satisfies Readonly<Record<string, Price>>;

export type PriceKey = keyof typeof PRICES;
