import { useTranslation } from 'react-i18next';

import { Banner, Button, Row } from '@/design';

import { isStep, useProgress } from './progress';

/** A way back to what was left for later, until somebody says that it is enough. */
export function ContinueWelcome({ athleteId }: { athleteId: string }) {
  const { t } = useTranslation();
  const [progress, keep] = useProgress(athleteId);
  if (!isStep(progress)) return null;
  return (
    <Banner
      tone="info"
      title={t('welcome.unfinished')}
      action={
        <Row gap="s" wrap>
          <Button href="/welcome" label={t('welcome.goOn')} small />
          <Button label={t('welcome.enough')} variant="quiet" small onPress={() => keep('done')} />
        </Row>
      }
    >
      {t('welcome.unfinishedBody')}
    </Banner>
  );
}
