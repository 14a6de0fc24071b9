const KEY = "bluegreen-console-token";

/** The token comes behind `#`, which no browser sends anywhere, and goes out of the address at once. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given !== null) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(undefined, "", location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? "";
}

const token = takeToken();

/** @type {Map<string, { etag: string, value: any }>} */
const known = new Map();

/**
 * @param {string} path
 * @returns {Promise<any>} what it answers; throws with its message
 */
export async function read(path) {
  const before = known.get(path);
  const headers = { authorization: `Bearer ${token}`, ...(before && { "if-none-match": before.etag }) };
  const response = await fetch(path, { headers });
  if (response.status === 304 && before !== undefined) return before.value;
  const value = await answerOf(response);
  known.set(path, { etag: response.headers.get("etag") ?? "", value });
  return value;
}

/**
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export async function write(path, body) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return answerOf(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** The console answered, and not with what was asked for. */
export class Unanswered extends Error {
  /** @param {string} message @param {number} status */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** @param {Response} response */
async function answerOf(response) {
  const value = await response.json();
  if (!response.ok)
    throw new Unanswered(value?.error?.message ?? `status ${response.status}`, response.status);
  return value;
}
