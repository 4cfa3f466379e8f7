import { useTranslation } from 'react-i18next';

import { Button } from '@/design';

/** Between a chart and the numbers behind it. */
export function TableToggle({
  asTable,
  of,
  onChange,
}: {
  asTable: boolean;
  /** What is shown, for who hears the button among others. */
  of?: string;
  onChange: (asTable: boolean) => void;
}) {
  const { t } = useTranslation();
  const label = t(asTable ? 'fitness.asChart' : 'fitness.asTable');
  return (
    <Button
      label={label}
      accessibilityLabel={of === undefined ? undefined : `${label}: ${of}`}
      icon={asTable ? 'fitness' : 'table'}
      variant="quiet"
      small
      flush="end"
      onPress={() => onChange(!asTable)}
    />
  );
}
