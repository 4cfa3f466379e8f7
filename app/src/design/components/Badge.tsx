import { Icon, type IconName } from '../icons';
import { Row, Text } from '../primitives';
import { type ColorName, size } from '../tokens';

export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger' | 'accent';

export const toneColors: Record<Tone, { background: ColorName; text: ColorName; icon: IconName }> = {
  neutral: { background: 'surfaceSunken', text: 'textSecondary', icon: 'info' },
  info: { background: 'infoSoft', text: 'infoText', icon: 'info' },
  success: { background: 'successSoft', text: 'successText', icon: 'check' },
  warning: { background: 'warningSoft', text: 'warningText', icon: 'alert' },
  danger: { background: 'dangerSoft', text: 'dangerText', icon: 'alert' },
  accent: { background: 'accentSoft', text: 'accentText', icon: 'check' },
};

/** A word of state; never colour alone. */
export function Badge({ label, tone = 'neutral', icon }: { label: string; tone?: Tone; icon?: IconName }) {
  const look = toneColors[tone];
  return (
    <Row
      background={look.background}
      radius="pill"
      paddingX="s"
      paddingY="xxs"
      gap="xs"
      alignSelf="flex-start"
    >
      {icon ? <Icon name={icon} size={size.iconS} tone={look.text} /> : null}
      <Text variant="micro" tone={look.text}>
        {label}
      </Text>
    </Row>
  );
}
