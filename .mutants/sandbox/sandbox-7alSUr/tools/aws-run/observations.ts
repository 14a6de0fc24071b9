/**
 * What the experiments of `npm run test:aws` saw, as data: a judge is a pure function of it. `undefined` where
 * something did not happen within the time that was given to it.
 */
export interface Observations {
  readonly route: RouteSeen;
  readonly shift: ShiftSeen;
  readonly group: GroupSeen;
  readonly traffic: TrafficSeen;
  readonly alarms: AlarmsSeen;
  readonly zones: ZonesSeen;
  readonly internal: Try;
  readonly certificates: { readonly records: readonly (readonly string[])[] };
  readonly release: ReleaseSeen;
  readonly rights: RightsSeen;
}

export type ExperimentId = keyof Observations;

/** A call that AWS takes or refuses, and its words. */
export interface Try {
  readonly accepted: boolean;
  readonly said: string;
}

export interface RouteSeen {
  /** Weights of a rule that was created with 100 and 0, as DescribeRules gives them. */
  readonly weights: readonly (number | undefined)[];
  /** A rule that forwards to one group with target stickiness, without group stickiness. */
  readonly singleSticky: Try;
  /** A rule on a second listener that forwards to a group of the first one's rule. */
  readonly secondListener: Try;
  /** A listener's default action: redirect, then fixed-response, then redirect, and whether its ARN stayed. */
  readonly defaultAction: Try;
  /** What AWS makes of inputs that the product refuses. */
  readonly refused: Readonly<Record<"hostName" | "pathPattern" | "noSource" | "decimals", Try>>;
  /** Seconds until a tag that was written to a rule was in twenty answers in a row. */
  readonly tagSeconds: number | undefined;
}

export interface ShiftSeen {
  /** Seconds until twenty requests in a row went to the group that a ModifyRule had named. */
  readonly propagationSeconds: number | undefined;
  /** Who answered a cookie of a group at weight 0 while stickiness was on: `1`, `2`, or a status. */
  readonly cookieAtZero: string | undefined;
  /** Seconds until a cookie was ignored: stickiness turned off, and the group taken out of the rule. */
  readonly cookieOffSeconds: number | undefined;
  readonly cookieRemovedSeconds: number | undefined;
}

export interface GroupSeen {
  /** Attributes of the group that were changed in place, and what they read as afterwards. */
  readonly changed: readonly { readonly key: string; readonly value: string; readonly read: string }[];
  /** Healthy targets before, and the fewest in the minute after the change. */
  readonly healthyBefore: number;
  readonly fewestHealthy: number;
  readonly failedRequests: number;
}

/** A series, minute by minute. Minutes are counted from the first one of the experiment. */
export type Series = readonly MinuteSeen[];
export interface MinuteSeen {
  readonly minute: number;
  readonly value: number;
  /** Seconds from the end of the minute until it could first be read. */
  readonly lagSeconds: number;
}

export interface TrafficSeen {
  /** Minutes in which everything below went on. */
  readonly minutes: number;
  /** Those of them in which users asked all the time; in the others a missing point is no wonder. */
  readonly busyMinutes: readonly number[];
  /** The group with users, and the one that has a healthy target and no share. */
  readonly busy: {
    readonly requests: Series;
    readonly hosts: Series;
    readonly answers2xx: Series;
    readonly answers5xx: Series;
    readonly lateAnswers: Series;
    readonly connectionErrors: Series;
    readonly hostsMinimum: Series;
    readonly hostsMaximum: Series;
  };
  readonly idle: { readonly requests: Series; readonly hosts: Series };
  /** HealthyHostCount of the busy group by zone; the group has one target, so all zones but one have none. */
  readonly zones: readonly { readonly zone: string; readonly minimum: Series; readonly maximum: Series }[];
  readonly loadBalancer: { readonly elb4xx: Series };
  /** What the users did: requests, those they gave up, those that were answered later than the threshold. */
  readonly sent: {
    readonly requests: number;
    readonly givenUp: number;
    readonly late: number;
    /** One request that was asked in `asked` and answered in `answered`, with nothing beside it in both minutes. */
    readonly long: { readonly asked: number; readonly answered: number } | undefined;
  };
}

export interface AlarmsSeen {
  /** Names that DescribeAlarms answered with, when asked for one that does not exist. */
  readonly unknown: readonly string[] | undefined;
  /** N = 8, M = 3, three bad minutes of which the newest is eight back, nothing since: states in order. */
  readonly lookBack: readonly string[];
  /** The same with two bad minutes and six good ones: never ALARM. */
  readonly lookBackTwo: readonly string[];
  /** Points of `IF(condition, x)` where the condition has one point of three, and of FILL of an empty series. */
  readonly ifPoints: number | undefined;
  readonly fillPoints: number | undefined;
  /** A breaching alarm that warms up for three minutes: its state, seconds after its creation. */
  readonly warmUp: readonly { readonly seconds: number; readonly state: string }[];
  readonly warmUpSeconds: number;
}

export interface ZonesSeen {
  /** Of `opt-in-status` = `opt-in-not-required`, with its ZoneType. */
  readonly listed: readonly { readonly name: string; readonly type: string }[];
  /** Zones with a subnet at hand in which a task was started, and whether it ran. */
  readonly tasks: readonly {
    readonly zone: string;
    readonly zoneId: string;
    readonly ran: boolean;
    readonly why: string;
  }[];
}

export interface ReleaseSeen {
  /** Each command with its exit code, in order. */
  readonly commands: readonly {
    readonly command: string;
    readonly exitCode: number;
    readonly said: string;
  }[];
  /** What `pulumi preview --refresh` wanted to do right after an update; empty: nothing. */
  readonly drift: readonly string[] | undefined;
  readonly revertSeconds: number | undefined;
}

export interface RightsSeen {
  /** `service:Action` of the calls that CloudTrail has of Pulumi and of ELB in its name, and which were denied. */
  readonly called: readonly string[];
  readonly denied: readonly string[];
}
