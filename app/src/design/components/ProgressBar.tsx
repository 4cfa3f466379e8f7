import { View } from 'react-native';

import { useTheme } from '../theme';
import { type ColorName, radius, size } from '../tokens';

/** How far something is; without a value it only says that it goes on. */
export function ProgressBar({
  label,
  value,
  tone = 'accent',
}: {
  label: string;
  value: number | null;
  tone?: ColorName;
}) {
  const { color } = useTheme();
  const percent = value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <View
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      style={{
        height: size.progress,
        borderRadius: radius.pill,
        backgroundColor: color.border,
        overflow: 'hidden',
      }}
    >
      <View
        style={{
          height: '100%',
          width: `${percent ?? 35}%`,
          borderRadius: radius.pill,
          backgroundColor: color[tone],
          opacity: percent === null ? 0.6 : 1,
        }}
      />
    </View>
  );
}
