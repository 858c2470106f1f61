// Times.

/** A time as the mock writes it: `2026-01-01 00:00:00`. */
export const dateTime = (seconds) => {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds}` : date.toISOString().slice(0, 19).replace("T", " ");
};
