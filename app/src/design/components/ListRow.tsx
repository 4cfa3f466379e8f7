import type { ReactNode } from 'react';

import { isHovered } from '../interaction';
import { useTheme } from '../theme';
import { radius, size, space } from '../tokens';
import { LinkPressable, type Path } from './LinkPressable';

/** A row that leads somewhere; the whole row is the target. */
export function ListRow({
  href,
  label,
  onOpen,
  children,
}: {
  href: Path;
  label?: string;
  onOpen?: () => void;
  children: ReactNode;
}) {
  const { color } = useTheme();
  return (
    <LinkPressable
      href={href}
      label={label}
      onOpen={onOpen}
      style={(state) => ({
        minHeight: size.touch,
        padding: space.m,
        borderRadius: radius.l,
        backgroundColor: state.pressed || isHovered(state) ? color.surfaceHover : color.surface,
        borderWidth: size.hairline,
        borderColor: color.border,
      })}
    >
      {children}
    </LinkPressable>
  );
}
