import {
  ActivityIndicator,
  Platform,
  Pressable,
  type PressableStateCallbackType,
  type ViewStyle,
} from 'react-native';

import { Icon, type IconName } from '../icons';
import { isHovered } from '../interaction';
import { Text } from '../primitives';
import { useTheme } from '../theme';
import { type ColorName, radius, size, space } from '../tokens';
import { LinkPressable, type Path } from './LinkPressable';

type Variant = 'primary' | 'secondary' | 'quiet' | 'danger';

type Look = { background?: ColorName; hover: ColorName; border?: ColorName; text: ColorName };

const looks: Record<Variant, Look> = {
  primary: { background: 'accent', hover: 'accentHover', text: 'textOnAccent' },
  secondary: { background: 'surface', hover: 'surfaceHover', border: 'borderStrong', text: 'text' },
  quiet: { hover: 'surfaceHover', text: 'accentText' },
  danger: { background: 'danger', hover: 'dangerHover', text: 'textOnAccent' },
};

export type ButtonProps = {
  label: string;
  /** Read instead of the label where the label alone says too little. */
  accessibilityLabel?: string;
  onPress?: () => void;
  /** Makes it a link; then `onPress` is not used. */
  href?: Path;
  variant?: Variant;
  small?: boolean;
  icon?: IconName;
  iconOnly?: boolean;
  busy?: boolean;
  disabled?: boolean;
  fill?: boolean;
  align?: 'start' | 'center';
  /** Gives way to what stands beside it, and breaks long words, for a title that somebody chose. */
  wraps?: boolean;
  /** Lines the label up with the text around it on that side; for quiet buttons. */
  flush?: 'start' | 'end';
  /** Whether what the button unfolds is shown. */
  expanded?: boolean;
  testID?: string;
};

/** A flush button reaches out of its place by its padding, which its longest width has to hold too. */
function wholeAnd(px: number): ViewStyle['maxWidth'] {
  return Platform.OS === 'web' ? (`calc(100% + ${px}px)` as ViewStyle['maxWidth']) : '100%';
}

export function Button({
  label,
  accessibilityLabel,
  onPress,
  href,
  variant = 'primary',
  small,
  icon,
  iconOnly,
  busy,
  disabled,
  fill,
  align = 'start',
  wraps,
  flush,
  expanded,
  testID,
}: ButtonProps) {
  const { color } = useTheme();
  const look = looks[variant];
  const inactive = disabled || busy;
  const outdent = small ? space.m : space.l;
  const style = (state: PressableStateCallbackType): ViewStyle => {
    const active = state.pressed || isHovered(state);
    return {
      minHeight: small ? size.controlSmall : size.control,
      minWidth: small ? size.controlSmall : size.control,
      maxWidth: flush ? wholeAnd(outdent) : '100%',
      paddingVertical: space.xs,
      paddingHorizontal: iconOnly ? 0 : outdent,
      borderRadius: radius.m,
      borderWidth: look.border ? size.hairline : 0,
      borderColor: look.border ? color[look.border] : undefined,
      backgroundColor: active && !inactive ? color[look.hover] : look.background && color[look.background],
      flexDirection: 'row',
      alignItems: 'center',
      justifyContent: 'center',
      gap: space.s,
      flexShrink: wraps ? 1 : 0,
      alignSelf: fill ? 'stretch' : align === 'center' ? 'center' : 'flex-start',
      marginStart: flush === 'start' ? -outdent : 0,
      marginEnd: flush === 'end' ? -outdent : 0,
      opacity: disabled ? 0.5 : 1,
    };
  };
  const content = (
    <>
      {busy ? <ActivityIndicator size="small" color={color[look.text]} aria-hidden /> : null}
      {icon && !busy ? <Icon name={icon} size={small ? size.iconS : size.iconM} tone={look.text} /> : null}
      {iconOnly ? null : (
        <Text
          variant={small ? 'label' : 'bodyStrong'}
          tone={look.text}
          align={wraps || flush === 'start' ? undefined : 'center'}
          shrink
          anywhere={wraps}
        >
          {label}
        </Text>
      )}
    </>
  );
  const name = accessibilityLabel ?? (iconOnly ? label : undefined);
  if (href !== undefined) {
    return (
      <LinkPressable href={href} style={style} label={name} testID={testID}>
        {content}
      </LinkPressable>
    );
  }
  return (
    <Pressable
      style={style}
      role="button"
      aria-label={name}
      aria-busy={busy}
      aria-disabled={inactive}
      aria-expanded={expanded}
      disabled={inactive}
      onPress={onPress}
      testID={testID}
    >
      {content}
    </Pressable>
  );
}
