import type { PressableStateCallbackType, ViewProps } from 'react-native';

/** React Native Web adds `hovered` to the state a Pressable hands to its style. */
export function isHovered(state: PressableStateCallbackType): boolean {
  return 'hovered' in state && Boolean(state.hovered);
}

type KeyPress = { key: string; preventDefault: () => void };

/** Keyboard handling where there is a keyboard: React Native Web forwards `onKeyDown`, native ignores it. */
export function onKeys(handlers: Record<string, () => void>): ViewProps {
  const props = {
    onKeyDown: (event: KeyPress) => {
      const handler = handlers[event.key];
      if (handler === undefined) return;
      event.preventDefault();
      handler();
    },
  };
  return props as ViewProps;
}

/** Props that exist on the web only (hover text, language of a passage, ...), typed where React Native has no name for them. */
export function webProps(props: Record<string, unknown>): object {
  return props;
}
