/**
 * Memory sizes in MiB that Fargate allows for each CPU size.
 * Source: ECS developer guide, "Task CPU and memory" (from 1 vCPU on in steps of 1 GiB, 8 vCPU 4, 16 vCPU 8).
 */
const GIB = 1024;
const MEMORY: Readonly<
  Record<number, { readonly from: number; readonly to: number; readonly step: number } | readonly number[]>
> = {
  256: [512, GIB, 2 * GIB],
  512: { from: GIB, to: 4 * GIB, step: GIB },
  1024: { from: 2 * GIB, to: 8 * GIB, step: GIB },
  2048: { from: 4 * GIB, to: 16 * GIB, step: GIB },
  4096: { from: 8 * GIB, to: 30 * GIB, step: GIB },
  8192: { from: 16 * GIB, to: 60 * GIB, step: 4 * GIB },
  16384: { from: 32 * GIB, to: 120 * GIB, step: 8 * GIB },
};

/** Whether Fargate has tasks of so many CPU units. */
export const isFargateCpu = (cpu: number): boolean => Object.hasOwn(MEMORY, cpu);

/** What is wrong with a pair of CPU units and MiB, in words of what is allowed; undefined when nothing is. */
export function fargateSizeProblem(cpu: number, memory: number): string | undefined {
  const sizes = MEMORY[cpu];
  if (sizes === undefined) return `CPU units of ${Object.keys(MEMORY).join(", ")}`;
  if ("from" in sizes) {
    const { from, to, step } = sizes;
    const fits = memory >= from && memory <= to && (memory - from) % step === 0;
    return fits ? undefined : `with ${cpu} CPU units: ${from} to ${to} MiB in steps of ${step}`;
  }
  return sizes.includes(memory) ? undefined : `with ${cpu} CPU units: ${sizes.join(", ")} MiB`;
}
