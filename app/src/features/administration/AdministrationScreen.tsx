import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Badge, Box, ListRow, type Path, Row, Screen, Text } from '@/design';

import { improvementQuery, queuesQuery } from './adminQueries';
import { ForRole } from './ForRole';

const sections = [
  { id: 'people', href: '/admin/people' },
  { id: 'models', href: '/admin/models' },
  { id: 'improvement', href: '/admin/improvement' },
  { id: 'jobs', href: '/admin/jobs' },
  { id: 'actions', href: '/admin/actions' },
] as const satisfies readonly { id: string; href: Path }[];

/** What the person who runs the server decides and watches. */
export function AdministrationScreen() {
  const { t } = useTranslation();
  return (
    <ForRole roles={['admin']} title={t('admin.title')}>
      <Screen
        title={t('admin.title')}
        subtitle={t('admin.subtitle')}
        back={{ href: '/profile', label: t('profile.title') }}
        width="reading"
      >
        <Sections />
      </Screen>
    </ForRole>
  );
}

function Sections() {
  const { t } = useTranslation();
  const failed = useQuery(queuesQuery()).data?.queues.reduce((sum, queue) => sum + queue.failed, 0) ?? 0;
  const alarms = useQuery(improvementQuery()).data?.alarms.length ?? 0;
  const notes: Partial<Record<(typeof sections)[number]['id'], string>> = {
    ...(failed > 0 ? { jobs: t('admin.jobs.failedCount', { count: failed }) } : {}),
    ...(alarms > 0 ? { improvement: t('admin.improvement.alarmCount', { count: alarms }) } : {}),
  };
  return (
    <Box gap="s" role="list" aria-label={t('admin.title')}>
      {sections.map(({ id, href }) => {
        const note = notes[id];
        return (
          <Box key={id} role="listitem">
            <ListRow href={href}>
              <Row gap="s" wrap>
                <Text variant="bodyStrong">{t(`admin.${id}.title`)}</Text>
                {note ? <Badge tone="warning" icon="alert" label={note} /> : null}
              </Row>
              <Text variant="caption" tone="textSecondary">
                {t(`admin.${id}.subtitle`)}
              </Text>
            </ListRow>
          </Box>
        );
      })}
    </Box>
  );
}
