/** Which numbers of the profile a metric lacked, read from the server's reason. Pure. */
export const PARAMETERS = [
  'sex',
  'hr_rest_bpm',
  'hr_max_bpm',
  'lthr_bpm',
  'ftp_w',
  'threshold_speed_m_s',
  'css_m_s',
] as const;

export type Parameter = (typeof PARAMETERS)[number];

export function missingParameters(reason: string): Parameter[] {
  if (!reason.includes('not known')) return [];
  const words = new Set(reason.match(/\w+/g));
  return PARAMETERS.filter((id) => words.has(id));
}

/** Power outside cycling, for which there is no threshold; stored activities may carry the older words. */
export function isOtherSport(reason: string): boolean {
  return /is (one for cycling|a cycling threshold)/.test(reason);
}
