/** Memory in MiB that AWS Fargate offers for a number of CPU units: from, to, in steps of. */
const SIZES: Readonly<Record<number, readonly [fromMib: number, toMib: number, stepMib: number]>> = {
  256: [512, 2048, 512],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16_384: [32_768, 122_880, 8192],
};

/** Why Fargate has no such size, in ECS's words; undefined when it has. */
export function fargateProblem(cpu: string | undefined, memory: string | undefined): string | undefined {
  if (cpu === undefined) return "Fargate requires task definition to have a cpu value.";
  if (memory === undefined) return "Fargate requires task definition to have a memory value.";
  const memoryMib = memoryMibOf(memory);
  const size = SIZES[cpuUnitsOf(cpu)];
  // Fargate has 256 CPU units with 512, 1024 and 2048 MiB, but not with 1536.
  const isHole = cpuUnitsOf(cpu) === 256 && memoryMib === 1536;
  if (size !== undefined && !isHole) {
    const [from, to, step] = size;
    if (memoryMib >= from && memoryMib <= to && (memoryMib - from) % step === 0) return undefined;
  }
  return `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`;
}

/** "256" or ".25 vCPU" as CPU units, 1024 of which are one virtual CPU; NaN for anything else. */
export function cpuUnitsOf(cpu: string): number {
  const vcpu = /^([\d.]+)\s*vcpu$/i.exec(cpu.trim());
  return vcpu === null ? Number(cpu) : Number(vcpu[1]) * 1024;
}

/** "512" or "0.5 GB" as MiB; NaN for anything else. */
export function memoryMibOf(memory: string): number {
  const gb = /^([\d.]+)\s*gb$/i.exec(memory.trim());
  return gb === null ? Number(memory) : Number(gb[1]) * 1024;
}
