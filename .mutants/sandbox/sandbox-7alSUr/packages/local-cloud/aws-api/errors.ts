/** An error as an AWS service answers it. `code` is the name that SDKs expose as `error.name`. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Answers a request for something that the local cloud does not simulate; by name, never silently. */
export function notSimulated(service: string, what: string): AwsError {
  return new AwsError("NotSimulated", `the local cloud does not simulate ${service} ${what}`, 501);
}
