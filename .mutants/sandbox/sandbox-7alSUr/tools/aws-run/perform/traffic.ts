import type { TrafficSeen } from "../observations.ts";
import type { Base } from "./base-types.ts";
import type { Context } from "./context.ts";
import { watch, type Wanted } from "./series.ts";

const MINUTE = 60_000;
const MINUTES = 10;
/** Until these are read, too. */
const AFTERWARDS_MS = 5 * MINUTE + 30_000;
const LOOK_EVERY = 15;

/** What is slow to `TC`: answers later than this. */
const LATE_SECONDS = 1;
/** In which minute what is asked: late answers, requests that are given up, one alone that lasts into the next. */
const LATE_IN = 1;
const GIVEN_UP_IN = 2;
const LONG_IN = 6;
const EACH = 4;

const isQuiet = (minute: number) => minute === LONG_IN || minute === LONG_IN + 1 || minute >= MINUTES;

/** Ten minutes of requests to blue, and what CloudWatch has of them. */
export async function traffic(context: Context): Promise<TrafficSeen> {
  const { clock, users } = context;
  const base = await context.base();
  const fromMs = Math.ceil((clock.now() + 1000) / MINUTE) * MINUTE;
  await clock.sleep(fromMs - clock.now());
  const wanted = wantedOf(base);
  const watched = watch(context, wanted, fromMs);
  const sent = { requests: 0, givenUp: 0, late: 0 };
  let long: TrafficSeen["sent"]["long"];
  const asking: Promise<void>[] = [];
  const ask = (path: string, patienceMs: number, then: (answered: boolean) => void) => {
    sent.requests += 1;
    asking.push(
      users.ask(`${base.url}${path}`, { patienceMs }).then((answer) => then(answer?.status === 200)),
    );
  };
  for (let second = 0; fromMs + second * 1000 < fromMs + MINUTES * MINUTE + AFTERWARDS_MS; second++) {
    const ahead = fromMs + second * 1000 - clock.now();
    if (ahead > 0) await clock.sleep(ahead);
    const minute = Math.floor(second / 60);
    if (!isQuiet(minute) && second % 60 < 50) ask("/predict", 10_000, () => {});
    if (minute === LATE_IN && second % 60 < EACH)
      ask("/slow?seconds=3", 20_000, (answered) => (sent.late += answered ? 1 : 0));
    if (minute === GIVEN_UP_IN && second % 60 < EACH)
      ask("/slow?seconds=20", 5_000, (answered) => (sent.givenUp += answered ? 0 : 1));
    if (minute === LONG_IN && second % 60 === 30)
      ask("/slow?seconds=50", 58_000, (answered) => {
        if (!answered) return;
        sent.late += 1;
        long = { asked: LONG_IN, answered: Math.floor((clock.now() - fromMs) / MINUTE) };
      });
    // Not awaited: a slow answer of CloudWatch's must not shift the requests. One check that fails is one check fewer.
    if (second % LOOK_EVERY === LOOK_EVERY - 1) asking.push(watched.look().catch(() => {}));
  }
  await Promise.all(asking);
  await watched.look();
  const { series } = watched;
  const zones = zonesOf(base);
  return {
    minutes: MINUTES,
    busyMinutes: Array.from({ length: MINUTES }, (_, minute) => minute).filter((minute) => !isQuiet(minute)),
    busy: {
      requests: series("requests"),
      hosts: series("hosts"),
      hostsMinimum: series("hostsMinimum"),
      hostsMaximum: series("hosts"),
      answers2xx: series("answers2xx"),
      answers5xx: series("answers5xx"),
      lateAnswers: series("lateAnswers"),
      connectionErrors: series("connectionErrors"),
    },
    idle: { requests: series("idleRequests"), hosts: series("idleHosts") },
    zones: zones.map((zone) => ({
      zone,
      minimum: series(`${zone} Minimum`),
      maximum: series(`${zone} Maximum`),
    })),
    loadBalancer: { elb4xx: series("elb4xx") },
    sent: { ...sent, long },
  };
}

const zonesOf = ({ network }: Base) => network.subnets.slice(0, 2).map(({ zone }) => zone);

function wantedOf(base: Base): Readonly<Record<string, Wanted>> {
  const { loadBalancerSuffix: LoadBalancer, groups } = base;
  const blue = { LoadBalancer, TargetGroup: groups.blue.suffix };
  const green = { LoadBalancer, TargetGroup: groups.green.suffix };
  const of = (dimensions: Wanted["dimensions"], metric: string, stat: string): Wanted => ({
    metric,
    stat,
    dimensions,
  });
  const zones = zonesOf(base).flatMap((AvailabilityZone) =>
    ["Minimum", "Maximum"].map((stat) => [
      `${AvailabilityZone} ${stat}`,
      of({ ...blue, AvailabilityZone }, "HealthyHostCount", stat),
    ]),
  );
  return {
    requests: of(blue, "RequestCount", "Sum"),
    hosts: of(blue, "HealthyHostCount", "Maximum"),
    hostsMinimum: of(blue, "HealthyHostCount", "Minimum"),
    answers2xx: of(blue, "HTTPCode_Target_2XX_Count", "Sum"),
    answers5xx: of(blue, "HTTPCode_Target_5XX_Count", "Sum"),
    lateAnswers: of(blue, "TargetResponseTime", `TC(${LATE_SECONDS}:)`),
    connectionErrors: of(blue, "TargetConnectionErrorCount", "Sum"),
    idleRequests: of(green, "RequestCount", "Sum"),
    idleHosts: of(green, "HealthyHostCount", "Maximum"),
    elb4xx: of({ LoadBalancer }, "HTTPCode_ELB_4XX_Count", "Sum"),
    ...Object.fromEntries(zones),
  };
}
