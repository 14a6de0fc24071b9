/** A wait that a machine under load gets, before an event that has not come counts as never coming. */
const PATIENCE_MS = 180_000;

/** The work, or an error that names what did not come in time. */
export async function within<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate(what)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks until it is so; throws an error that names it when it is not so in time. */
export async function untilIn(what: string, look: () => Promise<boolean>): Promise<void> {
  const untilMs = Date.now() + PATIENCE_MS;
  while (!(await look())) if (Date.now() >= untilMs) throw tooLate(what);
}

const tooLate = (what: string) => new Error(`${what} did not come within ${PATIENCE_MS / 60_000} minutes`);
