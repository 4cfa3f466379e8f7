import type { ReactNode } from 'react';
import Svg, { Circle, Path, Rect } from 'react-native-svg';

import { useIsRtl } from './direction';
import { webProps } from './interaction';
import { useTheme } from './theme';
import { type ColorName, size } from './tokens';

/** Line icons drawn on a 24-point grid. */
const drawings = {
  today: (
    <>
      <Circle cx={12} cy={12} r={4.2} />
      <Path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6l1.5 1.5M16.9 16.9l1.5 1.5M18.4 5.6l-1.5 1.5M7.1 16.9l-1.5 1.5" />
    </>
  ),
  activities: <Path d="M3 12h4l3-8 4 16 3-8h4" />,
  form: (
    <>
      <Circle cx={18} cy={7.5} r={2.2} />
      <Path d="M3 17.5l7.5-4 6-1.5M10.5 13.5l-1.2 5M16.5 12l1 6.5" />
    </>
  ),
  fitness: <Path d="M3 17l6-6 4 4 8-9M15 6h6v6" />,
  plan: (
    <>
      <Rect x={4} y={5} width={16} height={16} rx={2.5} />
      <Path d="M4 10h16M8.5 3v4M15.5 3v4M9 15l2 2 4-4" />
    </>
  ),
  profile: (
    <>
      <Circle cx={12} cy={8} r={4} />
      <Path d="M4.5 21c.8-4 3.8-6 7.5-6s6.7 2 7.5 6" />
    </>
  ),
  people: (
    <>
      <Circle cx={9} cy={8.5} r={3.4} />
      <Path d="M2.5 20c.6-3.6 3.2-5.4 6.5-5.4s5.9 1.8 6.5 5.4M15.5 5.4a3.4 3.4 0 0 1 0 6.2M17.5 14.9c2.2.6 3.6 2.3 4 5.1" />
    </>
  ),
  like: (
    <Path d="M7 11v9H3.5v-9zM7 11l4.5-8c1.7 0 2.8 1.3 2.4 3L13.2 9H19c1.3 0 2.2 1.2 1.9 2.5l-1.5 6.4A2.6 2.6 0 0 1 16.9 20H7" />
  ),
  comment: <Path d="M4 5.5h16v11H11l-4.5 4v-4H4z" />,
  share: <Path d="M12 15V3.5M7.5 8L12 3.5 16.5 8M5 13v7h14v-7" />,
  bell: (
    <Path d="M12 3.5a5.5 5.5 0 0 1 5.5 5.5c0 5 2 6.5 2 6.5h-15s2-1.5 2-6.5A5.5 5.5 0 0 1 12 3.5zM10 19a2.1 2.1 0 0 0 4 0" />
  ),
  devices: (
    <>
      <Rect x={7} y={6} width={10} height={12} rx={2.5} />
      <Path d="M9 6l.6-3h4.8L15 6M9 18l.6 3h4.8L15 18M12 9.5V12l1.6 1.2" />
    </>
  ),
  running: (
    <>
      <Circle cx={14.5} cy={4.8} r={1.9} />
      <Path d="M5 11.5l3.5-3 4 .8-2.5 5 3.5 2.7-1 4.5M10 14.3L8.5 17.5H5M12.5 9.3l2.5 3h3.5" />
    </>
  ),
  cycling: (
    <>
      <Circle cx={6} cy={16} r={3.8} />
      <Circle cx={18} cy={16} r={3.8} />
      <Path d="M6 16l3.5-7h6L18 16M9.5 9l4 7M8 9h3M14 6h2.5" />
    </>
  ),
  swimming: (
    <>
      <Circle cx={17} cy={8} r={2} />
      <Path d="M3 18c1.5 1.3 3 1.3 4.5 0s3-1.3 4.5 0 3 1.3 4.5 0 3-1.3 4.5 0M4 14.5l5-4-3-2.5 4.5-2 4.5 7.5" />
    </>
  ),
  walking: (
    <>
      <Circle cx={12.5} cy={4.8} r={1.9} />
      <Path d="M12 9l-1 5.5 3 2.5.5 4M11 14.5L8.5 21M12 9l-3.5 2-.5 3M12 9l2.5 3 2.5 1" />
    </>
  ),
  rowing: <Path d="M3 17h18M5 17c1 2 2.5 3 4 3h6c1.5 0 3-1 4-3M7 13l10-8M9 13h5l2-4" />,
  skiing: <Path d="M4 19l16 2M9 20l2-6-3-3 4-4 3 3h3M14 4.5h.01M6 8l3 6" />,
  strength: <Path d="M6 8v8M3 10v4M18 8v8M21 10v4M6 12h12" />,
  other: (
    <>
      <Circle cx={12} cy={13} r={7.5} />
      <Path d="M12 9v4l2.5 2M9.5 3h5" />
    </>
  ),
  rest: <Path d="M19.5 14.5A8 8 0 119.5 4.5a6.5 6.5 0 0010 10z" />,
  upload: <Path d="M12 16V4M7 9l5-5 5 5M4 17v2.5h16V17" />,
  download: <Path d="M12 4v12M7 11l5 5 5-5M4 19.5h16" />,
  video: (
    <>
      <Rect x={3} y={6} width={12.5} height={12} rx={2} />
      <Path d="M15.5 10.5l5.5-3v9l-5.5-3" />
    </>
  ),
  check: <Path d="M5 12.5l4.5 4.5L19 7.5" />,
  close: <Path d="M6 6l12 12M18 6L6 18" />,
  alert: <Path d="M12 4l9 16H3zM12 10v4.5M12 17.2v.1" />,
  info: (
    <>
      <Circle cx={12} cy={12} r={8.5} />
      <Path d="M12 11v5.5M12 7.7v.1" />
    </>
  ),
  question: (
    <>
      <Circle cx={12} cy={12} r={8.5} />
      <Path d="M9.5 9.5c.2-1.5 1.3-2.2 2.6-2.2 1.5 0 2.5.9 2.5 2.2 0 1.9-2.5 2-2.5 4M12 16.7v.1" />
    </>
  ),
  offline: (
    <Path d="M3 3l18 18M8.5 16a5 5 0 017 0M5 12.5a10 10 0 014-2.6M12 9.3a10 10 0 017 3.2M2 9a14 14 0 014.5-3M11 5a14 14 0 0111 4M12 19.5v.1" />
  ),
  chevronRight: <Path d="M9 5l7 7-7 7" />,
  chevronLeft: <Path d="M15 5l-7 7 7 7" />,
  chevronDown: <Path d="M5 9l7 7 7-7" />,
  chevronUp: <Path d="M5 15l7-7 7 7" />,
  plus: <Path d="M12 5v14M5 12h14" />,
  edit: <Path d="M4 20h4L19 9l-4-4L4 16zM13 7l4 4" />,
  trash: <Path d="M4 7h16M9.5 7V4h5v3M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5" />,
  search: (
    <>
      <Circle cx={11} cy={11} r={6.5} />
      <Path d="M16 16l4.5 4.5" />
    </>
  ),
  play: <Path d="M8 5l11 7-11 7z" />,
  table: <Path d="M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9" />,
  signOut: <Path d="M10 4H5v16h5M15 8l4 4-4 4M19 12H9" />,
  camera: (
    <>
      <Path d="M4 8h3.5L9 5.5h6L16.5 8H20v11H4z" />
      <Circle cx={12} cy={13.2} r={3.3} />
    </>
  ),
} satisfies Record<string, ReactNode>;

/** Those that point along the line of text. */
const POINTING: ReadonlySet<string> = new Set(['chevronRight', 'chevronLeft', 'signOut']);
/** Beside long words an icon keeps its size. */
const UPRIGHT = { flexShrink: 0 };
const MIRRORED = { flexShrink: 0, transform: [{ scaleX: -1 }] };

export type IconName = keyof typeof drawings;

/** Decorative: its meaning is always in the text beside it or in the label of its button. */
export function Icon({
  name,
  size: points = size.iconM,
  tone = 'text',
}: {
  name: IconName;
  size?: number;
  tone?: ColorName;
}) {
  const { color } = useTheme();
  const isMirrored = useIsRtl() && POINTING.has(name);
  return (
    <Svg
      style={isMirrored ? MIRRORED : UPRIGHT}
      width={points}
      height={points}
      viewBox="0 0 24 24"
      fill="none"
      stroke={color[tone]}
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      {...webProps({ 'aria-hidden': true })}
    >
      {drawings[name]}
    </Svg>
  );
}
