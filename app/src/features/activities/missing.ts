/** Which numbers of the profile a metric lacked, read from the server's reason. Pure. */
export const PARAMETERS = [
  'sex',
  'hr_rest_bpm',
  'hr_max_bpm',
  'lthr_bpm',
  'ftp_w',
  'threshold_speed_m_s',
  'css_m_s',
  'run_power_watch_w',
  'run_power_foot_pod_w',
  'run_power_app_w',
] as const;

export type Parameter = (typeof PARAMETERS)[number];

export function missingParameters(reason: string): Parameter[] {
  if (!reason.includes('not known')) return [];
  const words = new Set(reason.match(/\w+/g));
  return PARAMETERS.filter((id) => words.has(id));
}

/** Running power of which the file does not tell what measured it. */
export function isUnknownSource(reason: string): boolean {
  return reason.includes('what measured the running power');
}

/** Power outside cycling, for which there is no threshold; stored activities may carry the older words. */
export function isOtherSport(reason: string): boolean {
  return /is (one for cycling|a cycling threshold)/.test(reason);
}
