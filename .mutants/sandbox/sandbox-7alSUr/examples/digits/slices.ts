/** The part of all images that one belongs to, by its ink: of the golden set a seventh is light and a tenth heavy. */
export function inkOf(features: readonly number[]): "light" | "medium" | "heavy" {
  const ink = features.reduce((sum, one) => sum + one, 0);
  return ink < lightBelow ? "light" : ink < heavyFrom ? "medium" : "heavy";
}

const lightBelow = 270;
const heavyFrom = 350;
