/** Variable of a process: pairs of a port that its task names, and the one of this machine that stands for it. */
export const LOCAL_PORTS = "LOCAL_CLOUD_PORTS";
