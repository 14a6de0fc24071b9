import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { ConsoleState } from "../../../cli/console/state/console-state.ts";
import { cannedState } from "./support/canned-state.ts";

/** As much of an element as the charts use. */
class Element {
  readonly attributes = new Map<string, string>();
  readonly dataset: Record<string, string> = {};
  readonly clientWidth = 300;
  readonly children: unknown[] = [];
  textContent = "";
  readonly #classes = new Set<string>();
  readonly classList = {
    toggle: (name: string, on: boolean) => (on ? this.#classes.add(name) : this.#classes.delete(name)),
    contains: (name: string) => this.#classes.has(name),
  };
  setAttribute(name: string, value: string) {
    this.attributes.set(name, value);
  }
  append(...children: unknown[]) {
    this.children.push(...children);
  }
  replaceChildren(...children: unknown[]) {
    this.children.splice(0, this.children.length, ...children);
  }
}

class Plot {
  batch(change: () => void) {
    change();
  }
  setData() {}
  setScale() {}
  destroy() {}
}

const made: Element[] = [];
const places = new Map<string, Element>();
const place = (id: string) => {
  const found = places.get(id) ?? new Element();
  places.set(id, found);
  return found;
};

let showCharts: (state: ConsoleState) => void;
beforeAll(async () => {
  vi.stubGlobal("uPlot", Plot);
  vi.stubGlobal("getComputedStyle", () => ({ getPropertyValue: () => "black" }));
  vi.stubGlobal("document", {
    getElementById: place,
    createElement: () => {
      const element = new Element();
      made.push(element);
      return element;
    },
  });
  ({ showCharts } = await import(join(import.meta.dirname, "../../../cli/console/page/charts.js")));
});
afterAll(() => {
  vi.unstubAllGlobals();
});

const labels = () => made.flatMap(({ attributes }) => attributes.get("aria-label") ?? []);
const lastOnes = () => made.map(({ textContent }) => textContent).filter((text) => text !== "");

it("marks the charts as old when their minutes cannot be read, and takes the last numbers away", () => {
  const read = cannedState();
  showCharts(read);
  expect(place("minutes").classList.contains("old")).toBe(false);
  expect(place("charts-age").textContent).toBe("");
  expect(lastOnes()).not.toEqual([]);

  showCharts({ ...read, minutes: undefined });
  expect(place("minutes").classList.contains("old")).toBe(true);
  expect(place("charts-age").textContent).toBe(
    "The minutes could not be read now. The last one that is drawn is 11:59:00 UTC.",
  );
  expect(lastOnes()).toEqual([]);
  expect(labels().filter((label) => label.includes("in the last whole minute"))).toEqual([]);

  showCharts(read);
  expect(place("minutes").classList.contains("old")).toBe(false);
  expect(lastOnes()).not.toEqual([]);
});
