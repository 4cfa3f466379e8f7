import { type Href, useRouter } from 'expo-router';
import type { ReactNode, Ref } from 'react';
import {
  type GestureResponderEvent,
  Pressable,
  type PressableStateCallbackType,
  type View,
  type ViewStyle,
} from 'react-native';

import { webProps } from '../interaction';

export type Path = `/${string}`;

type Modifiers = { metaKey?: boolean; ctrlKey?: boolean; shiftKey?: boolean; altKey?: boolean };

function opensElsewhere(event: GestureResponderEvent): boolean {
  const { metaKey, ctrlKey, shiftKey, altKey } = event.nativeEvent as unknown as Modifiers;
  return Boolean(metaKey || ctrlKey || shiftKey || altKey);
}

/** A link that looks as it likes: a real anchor on the web (open in a new tab, copy the address), a press elsewhere. */
export function LinkPressable({
  href,
  label,
  current,
  replace,
  onOpen,
  children,
  style,
  testID,
  ref,
}: {
  href: Path;
  label?: string;
  /** Marks the page one is on. */
  current?: boolean;
  replace?: boolean;
  /** Called when it is followed, in whatever way. */
  onOpen?: () => void;
  children: ReactNode;
  style: (state: PressableStateCallbackType) => ViewStyle;
  testID?: string;
  ref?: Ref<View>;
}) {
  const router = useRouter();
  return (
    <Pressable
      ref={ref}
      {...webProps({ href, 'aria-current': current ? 'page' : undefined })}
      role="link"
      aria-label={label}
      testID={testID}
      style={style}
      onPress={(event) => {
        onOpen?.();
        if (opensElsewhere(event)) return;
        event.preventDefault();
        if (replace) router.replace(href as Href);
        else router.navigate(href as Href);
      }}
    >
      {children}
    </Pressable>
  );
}
