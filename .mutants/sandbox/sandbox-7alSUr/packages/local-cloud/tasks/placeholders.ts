import type { LocalImage } from "./images.ts";

/** `{PORT}` and `{<name of a further port>}` in the words of an image's command and in its environment's texts. */
export function withPorts(image: LocalImage, ports: Readonly<Record<string, number>>): LocalImage {
  // Braces around anything else are the command's own, such as JSON.
  const filled = (text: string) =>
    text.replace(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string) =>
      Object.hasOwn(ports, name) ? String(ports[name]) : whole,
    );
  const environment = Object.entries(image.environment).map(([name, text]) => [name, filled(text)]);
  return { ...image, command: image.command.map(filled), environment: Object.fromEntries(environment) };
}
