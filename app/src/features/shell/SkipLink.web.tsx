import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Box, Button } from '@/design';
import { webProps } from '@/design/interaction';
import { space } from '@/design/tokens';

function focusMain(): void {
  const main = document.querySelector<HTMLElement>('[role="main"]');
  if (main === null) return;
  main.tabIndex = -1;
  main.focus();
}

export function SkipLink() {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <Box
      {...webProps({ onFocus: () => setShown(true), onBlur: () => setShown(false) })}
      role="region"
      aria-label={t('nav.skipRegion')}
      style={{ position: 'absolute', zIndex: 1, top: shown ? space.s : -space.xxxl * 2, start: space.s }}
    >
      <Button label={t('nav.skip')} small onPress={focusMain} />
    </Box>
  );
}
