const written = /^(\d{1,2})[-/.](\d{1,2})[-/.](?:19|20)\d{2}/u;

/** 03/04/2026: whether any date beside it can only be read as day first. American order where nothing tells. */
export function guessDayFirst(samples: readonly string[]): boolean {
  const dates = samples.map((sample) => written.exec(sample.trim())).filter((match) => match !== null);
  if (dates.some((match) => Number(match[1]) > 12)) return true;
  if (dates.some((match) => Number(match[2]) > 12)) return false;
  return dates.some((match) => match[0].includes('.'));
}
