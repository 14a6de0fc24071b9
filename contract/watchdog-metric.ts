/** The metric that counts how often the watchdog took users back, with the dimension Stack. */
export const WATCHDOG_METRIC = { namespace: "BlueGreen", name: "WatchdogReverts" } as const;
