import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { meQuery } from '@/api/queries';
import { Checkbox, Row } from '@/design';
import { ALL_FEEDBACK, type FeedbackKind, keepFeedback, keptFeedback } from '@/live/cues/feedback';
import type { Voice } from '@/live/cues/voice';

export type Speaker = Pick<Voice, 'canSpeak' | 'canFeel' | 'obey'>;

/** By what the athlete is told beside what stands on the screen, as last chosen on this device. */
export function FeedbackChoice({ speaker, kinds }: { speaker: Speaker; kinds: readonly FeedbackKind[] }) {
  const { t } = useTranslation();
  const { data: athlete } = useQuery(meQuery());
  const [feedback, setFeedback] = useState(ALL_FEEDBACK);
  const { obey, canSpeak, canFeel } = speaker;
  const owner = athlete?.id;
  useEffect(() => {
    if (owner === undefined) return;
    let isGone = false;
    void keptFeedback(owner).then((kept) => {
      if (isGone) return;
      setFeedback(kept);
      obey(kept);
    });
    return () => {
      isGone = true;
    };
  }, [obey, owner]);
  const can = { voice: canSpeak, tones: true, haptics: canFeel };
  const choose = (kind: FeedbackKind, isOn: boolean) => {
    const next = { ...feedback, [kind]: isOn };
    setFeedback(next);
    obey(next);
    if (owner !== undefined) void keepFeedback(owner, next);
  };
  return (
    <Row gap="m" wrap>
      {kinds
        .filter((kind) => can[kind])
        .map((kind) => (
          <Checkbox
            key={kind}
            label={t(`workout.feedback.${kind}`)}
            checked={feedback[kind]}
            onChange={(isOn) => choose(kind, isOn)}
          />
        ))}
    </Row>
  );
}
