import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Card } from '@/design';
import { ConsentChoice } from '@/features/consents/ConsentChoice';
import { QueryState } from '@/features/shell/QueryState';

import { consentsQuery, MODEL_CONSENT } from './formQueries';

/** Whether body points and labels may improve the model; off until somebody says yes, and off again at any time. */
export function ConsentCard() {
  const { t } = useTranslation();
  const consents = useQuery(consentsQuery());
  return (
    <Card title={t('consent.title')} testID="consent">
      <QueryState query={consents} skeleton={{ count: 1, height: 80 }}>
        {({ items }) =>
          items
            .filter((item) => item.purpose === MODEL_CONSENT)
            .map((item) => <ConsentChoice key={item.purpose} consent={item} named={false} />)
        }
      </QueryState>
    </Card>
  );
}
