import type { HealthPurpose } from '@/features/consents/consents';

export type Takes = 'activity' | 'video' | 'both';

/** What may be sent with these consents missing; null when nothing may. */
export function allowed(takes: Takes, missing: readonly HealthPurpose[]): Takes | null {
  if (missing.length === 0) return takes;
  if (takes !== 'both' || missing.length > 1) return null;
  return missing[0] === 'form_videos' ? 'activity' : 'video';
}
