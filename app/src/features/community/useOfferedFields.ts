import { useQuery } from '@tanstack/react-query';

import { activityQuery, formCheckQuery, meQuery } from '@/api/queries';
import { type Consent, consentsQuery } from '@/features/formChecks/formQueries';
import { todayIn } from '@/lib/time';

import type { NewPost } from './communityQueries';
import { type FieldChoice, offeredFields, type Subject } from './postFields';

/** Whether somebody said no to a purpose, at once or later; who was never asked did not. */
function saidNo(consents: readonly Consent[], purpose: Consent['purpose']): boolean {
  const said = consents.find((one) => one.purpose === purpose);
  return said !== undefined && !said.is_given && said.history.some((entry) => entry.is_given_here);
}

type Offered = { fields: readonly FieldChoice[]; picture: string | null };

/**
 * What of an activity, a form check or a plan can be shown, and where its picture is; a route, a weight and a picture
 * only once it is known that they can.
 */
export function useOfferedFields(
  subject: Subject,
  about: Pick<NewPost, 'activity_id' | 'form_check_id'>,
): Offered {
  const [activityId, checkId] = [about.activity_id ?? null, about.form_check_id ?? null];
  const me = useQuery(meQuery()).data;
  const consents = useQuery(consentsQuery()).data?.items;
  const activity = useQuery({ ...activityQuery(activityId ?? ''), enabled: activityId !== null }).data;
  const check = useQuery({ ...formCheckQuery(checkId ?? ''), enabled: checkId !== null }).data;
  const isKnown = me !== undefined && consents !== undefined;
  const picture = check?.thumbnail_url ?? null;
  const fields = offeredFields(subject, {
    birthDate: me?.birth_date ?? null,
    today: todayIn(me?.time_zone ?? 'UTC', new Date()),
    hasRoute: isKnown && Boolean(activity?.route_preview?.length),
    hasWeight: isKnown && (me.mass_kg ?? null) !== null && !saidNo(consents, 'body_and_wellness'),
    hasPicture: isKnown && picture !== null && !saidNo(consents, 'form_videos'),
  });
  return { fields, picture };
}
