import { useTranslation } from 'react-i18next';

import { choosesServer } from '@/api/session';
import { TextField } from '@/design';

/** Which server a phone talks to; a browser talks to the one it came from. */
export function ServerField({ value, onChange }: { value: string; onChange: (address: string) => void }) {
  const { t } = useTranslation();
  if (!choosesServer) return null;
  return (
    <TextField
      label={t('account.server')}
      hint={t('account.serverHint')}
      value={value}
      onChangeText={onChange}
      autoCapitalize="none"
      autoCorrect={false}
      inputMode="url"
    />
  );
}
