/** AWS's limit on calls, per account and region, as a token bucket: so many calls at once, so many a second then. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
  /** The operations of the service that draw on the same tokens, in words; left out: the operation has its own. */
  readonly sharedBy?: string;
}

/** CloudWatch "Service quotas": transactions a second by operation. */
export const transactionsPerSecond = (perSecond: number): Rate => ({ burst: perSecond, perSecond });

/**
 * Elastic Load Balancing "Request throttling": all reading actions share one bucket. For writing actions no figure was
 * found: they are not limited here.
 */
export const ELB_READING: Rate = { burst: 40, perSecond: 10, sharedBy: "reading actions" };

/** Amazon ECS "Request throttling": service read actions. */
export const ECS_SERVICE_READING: Rate = { burst: 100, perSecond: 20, sharedBy: "service read actions" };
/** Amazon ECS "Request throttling": service modify actions. */
export const ECS_SERVICE_WRITING: Rate = { burst: 50, perSecond: 5, sharedBy: "service modify actions" };
