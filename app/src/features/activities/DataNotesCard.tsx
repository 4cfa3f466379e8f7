import { useTranslation } from 'react-i18next';

import type { ActivityDetail, LegDetail } from '@/api/types';
import { Box, Card, Text } from '@/design';
import { useServerWords } from '@/features/shell/useErrorText';
import { useFormat } from '@/i18n/useFormat';

import { type DataFault, dataFaults } from './dataNotes';

/** What was odd about the file, and which values of the leg were no observations. */
export function DataNotesCard({ activity, leg }: { activity: ActivityDetail; leg: LegDetail | undefined }) {
  const { t } = useTranslation();
  const words = useServerWords('dataNote');
  const faultText = useFaultText();
  const notes = [
    ...activity.warnings.map(({ code, message }) => capital(words(code, message, null).message)),
    ...(leg ? dataFaults(leg).map(faultText) : []),
  ];
  if (notes.length === 0) return null;
  return (
    <Card title={t('activity.warningsTitle')} caption={t('activity.warningsCaption')} testID="data-notes">
      <Box gap="s" role="list">
        {notes.map((note, index) => (
          <Box key={index} role="listitem">
            <Text variant="caption">{note}</Text>
          </Box>
        ))}
      </Box>
    </Card>
  );
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

function useFaultText(): (fault: DataFault) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ channel, kind, left, from_s, to_s }) => {
    const [from, to] = [format.clock(from_s), format.clock(to_s)];
    const said = [
      `${t(`dataFault.channel.${channel}`)}: ${t(`dataFault.kind.${kind}`)}`,
      left === null ? null : t('dataFault.left', { count: left }),
      from === to ? from : `${from}–${to}`,
    ];
    return said.filter((part) => part !== null).join(' · ');
  };
}
