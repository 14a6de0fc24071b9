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

/** @param {Response} response */
async function answerOf(response) {
  const value = await response.json();
  if (!response.ok) throw new Error(value?.error?.message ?? `status ${response.status}`);
  return value;
}
