/**
 * An element. Whatever stands in `children` is text or an element: nothing from outside ever becomes markup.
 * @param {string} tag
 * @param {Record<string, string | boolean | undefined>} [attributes]
 * @param {...(Node | string | undefined)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}

/** @type {Map<string, string>} */
const shown = new Map();

/**
 * Builds what stands in an element anew when its data has changed. What a person has opened stays open, and what has the
 * focus keeps it.
 * @param {string} id
 * @param {unknown} data
 * @param {() => (Node | string | undefined)[]} build
 */
export function fill(id, data, build) {
  const text = JSON.stringify(data) ?? "";
  if (shown.get(id) === text) return;
  shown.set(id, text);
  const place = byId(id);
  const open = new Set([...place.querySelectorAll("details[open]")].map(({ id: own }) => own));
  const focused = place.contains(document.activeElement) ? document.activeElement?.id : undefined;
  place.replaceChildren(...build().filter((child) => child !== undefined));
  for (const one of place.querySelectorAll("details")) if (open.has(one.id)) one.open = true;
  if (focused) document.getElementById(focused)?.focus();
}

/** A text of a page that stands still changes nothing, so that nothing is read aloud again. @param {string} id @param {string} text */
export function say(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}
