/** What `npm run test:aws` needs, all from the environment. */
export interface Account {
  readonly region: string;
  /** The digits example of examples/ in this account's ECR, versions 1 and 2, by digest. */
  readonly images: { readonly one: string; readonly two: string };
}

const NEEDED = ["AWS_REGION", "BLUEGREEN_AWS_IMAGE_1", "BLUEGREEN_AWS_IMAGE_2"] as const;

/** The account to test in, or why there is none. Credentials are the SDK's own business. */
export function account(environment: NodeJS.ProcessEnv): Account | { readonly missing: string } {
  const missing = NEEDED.filter((name) => (environment[name] ?? "") === "");
  if (missing.length > 0) return { missing: `${missing.join(", ")} not set` };
  const [region = "", one = "", two = ""] = NEEDED.map((name) => environment[name]);
  return { region, images: { one, two } };
}

/**
 * List prices in us-east-1 as known in mid 2026, US dollars an hour: a load balancer, its two and the tasks' two
 * public addresses, two tasks of 0.25 vCPU and 512 MiB. Alarms are paid by the month: less than a cent an hour each.
 */
const COST = { loadBalancer: 0.0225, addresses: 4 * 0.005, tasks: 2 * (0.25 * 0.04048 + 0.5 * 0.004445) };

export function costWords(): string {
  const hourly = Object.values(COST).reduce((sum, price) => sum + price, 0);
  return `This makes a load balancer, two tasks and twelve alarms, and destroys them at the end: about ${hourly.toFixed(2)} USD an hour, and it takes about one. When it is cut off: pulumi destroy --stack bluegreen-test`;
}
