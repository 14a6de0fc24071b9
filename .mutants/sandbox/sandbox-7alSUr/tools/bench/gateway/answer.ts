/** What the benchmark's targets answer: as much JSON as a small model does. */
export const ANSWER =
  '{"model":"digits","version":"7","label":4,"scores":[0.01,0.01,0.02,0.01,0.88,0.01,0.02,0.01,0.02,0.01]}';
