import { useTranslation } from 'react-i18next';

import { Box, Checkbox, Text } from '@/design';

import type { ScopeText, Share } from './coachingQueries';

/** What may be seen: one box for each thing, with the words that count. */
export function ScopeChoice({
  scopes,
  chosen,
  onChange,
}: {
  scopes: readonly ScopeText[];
  chosen: readonly Share[];
  onChange: (chosen: Share[]) => void;
}) {
  const { t } = useTranslation();
  const toggle = (scope: Share, isOn: boolean) => {
    const others = chosen.filter((one) => one !== scope);
    if (!isOn) return onChange(scope === 'plan' ? others.filter((one) => one !== 'plan_proposals') : others);
    const needed: Share[] = scope === 'plan_proposals' && !chosen.includes('plan') ? ['plan'] : [];
    onChange([...others, ...needed, scope]);
  };
  return (
    <Box gap="s">
      {scopes.map(({ scope }) => (
        <Box key={scope} gap="xxs">
          <Checkbox
            label={t(`coaching.scope.${scope}`)}
            checked={chosen.includes(scope)}
            onChange={(isOn) => toggle(scope, isOn)}
          />
          <Text variant="caption" tone="textSecondary">
            {t(`coaching.scopeText.${scope}`)}
          </Text>
        </Box>
      ))}
    </Box>
  );
}
