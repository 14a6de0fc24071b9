/** Whatever a machine under load measures passes: for worlds in which something else than a model breaks. */
export const ALL_PASSES = {
  maxErrorRate: 1,
  maxSlowRate: 1,
  slowSeconds: 300,
  maxCpuUtilization: 100,
  maxMemoryUtilization: 100,
} as const;
