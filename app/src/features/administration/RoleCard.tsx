import { useTranslation } from 'react-i18next';

import { Button, Card } from '@/design';

import { useRole } from './adminQueries';

/** The way to what people with a role decide; absent for everybody else. */
export function RoleCard() {
  const { t } = useTranslation();
  const role = useRole();
  if (role === null || role === 'athlete') return null;
  return (
    <Card title={t('admin.card')} caption={t(`admin.cardCaption.${role}`)}>
      {role === 'admin' ? (
        <Button href="/admin" label={t('admin.title')} icon="devices" variant="secondary" />
      ) : null}
      <Button href="/moderation" label={t('moderation.title')} icon="comment" variant="secondary" />
    </Card>
  );
}
