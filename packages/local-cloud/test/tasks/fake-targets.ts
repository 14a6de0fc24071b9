import { AwsError } from "../../aws-api/errors.ts";
import type { TargetAddress } from "../../gateway/target.ts";
import type { TargetRegistry } from "../../tasks/target-registry.ts";

type Health = ReturnType<TargetRegistry["targetHealth"]>;

/** Target groups whose health is what the test says; a process that reports itself up is healthy unless told otherwise. */
export class FakeTargets implements TargetRegistry {
  /** When false, draining ends only with `endDraining`. */
  drainsAtOnce = true;
  /** When false, a process that is up stays "initial" until the test says otherwise. */
  healthyWhenUp = true;
  readonly deleted = new Set<string>();
  /** Groups that no listener forwards to. */
  readonly withoutListener = new Set<string>();
  private readonly registered = new Map<string, Health>();
  private readonly listeners = new Set<() => void>();
  private readonly drains: (() => void)[] = [];
  private readonly up = new Set<number>();

  registerTarget(targetGroupArn: string, target: TargetAddress): void {
    this.refuseDeleted(targetGroupArn);
    this.registered.set(`${targetGroupArn} ${target.port}`, this.up.has(target.port) ? "healthy" : "initial");
  }

  deregisterTarget(targetGroupArn: string, target: TargetAddress): Promise<void> {
    this.registered.set(`${targetGroupArn} ${target.port}`, "draining");
    return new Promise((resolve) => {
      const end = () => {
        this.registered.delete(`${targetGroupArn} ${target.port}`);
        resolve();
      };
      if (this.drainsAtOnce) end();
      else this.drains.push(end);
    });
  }

  targetHealth(targetGroupArn: string, target: TargetAddress): Health {
    this.refuseDeleted(targetGroupArn);
    return this.registered.get(`${targetGroupArn} ${target.port}`) ?? "unused";
  }

  isInUse(targetGroupArn: string): boolean {
    this.refuseDeleted(targetGroupArn);
    return !this.withoutListener.has(targetGroupArn);
  }

  whyUnhealthy(): string {
    return "Health checks failed with these codes: [503]";
  }

  onHealthChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  isUp(port: number): void {
    if (!this.healthyWhenUp) return;
    this.up.add(port);
    this.setHealth(port, "healthy");
  }

  /** Sets the health of a registered port, in all groups or in one. */
  setHealth(port: number, health: Health, targetGroupArn?: string): void {
    for (const key of this.registered.keys()) {
      const isMeant = targetGroupArn === undefined || key.startsWith(targetGroupArn);
      if (isMeant && key.endsWith(` ${port}`)) this.registered.set(key, health);
    }
    this.listeners.forEach((listener) => listener());
  }

  /** Registered ports of a group, in the order of their registration. */
  portsIn(targetGroupArn: string): number[] {
    return [...this.registered]
      .filter(([key, health]) => key.startsWith(`${targetGroupArn} `) && health !== "draining")
      .map(([key]) => Number(key.split(" ")[1]));
  }

  endDraining(): void {
    this.drains.splice(0).forEach((end) => end());
  }

  get listenerCount(): number {
    return this.listeners.size;
  }

  private refuseDeleted(targetGroupArn: string): void {
    if (this.deleted.has(targetGroupArn))
      throw new AwsError("TargetGroupNotFound", "One or more target groups not found");
  }
}
