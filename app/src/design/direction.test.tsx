import { act, type ReactNode } from 'react';
import { View } from 'react-native';

import { Button, Card, Icon, Row, Slider, Table, Text, ThemeProvider } from '@/design';

import { webProps } from './interaction';

type Root = { render: (what: ReactNode) => void; unmount: () => void };
const { createRoot } = jest.requireActual<{ createRoot: (where: Element) => Root }>('react-dom/client');

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

type Direction = 'ltr' | 'rtl';

/** One of each part that has sides, in a screen that is read in that direction. */
async function show(
  direction: Direction,
  moved: (index: number) => void = () => undefined,
): Promise<() => void> {
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  await act(async () =>
    root.render(
      <View {...webProps({ dir: direction })}>
        <ThemeProvider>
          <Card title="Card" action={<Button label="Back" icon="chevronLeft" flush="end" />}>
            <Row gap="m">
              <Icon name="signOut" />
              <Icon name="upload" />
              <Text testID="figure" align="end">
                42
              </Text>
            </Row>
            <Slider label="Radius" valueText="3 km" index={3} count={11} onChange={moved} />
            <Table
              label="Laps"
              columns={[{ id: 'lap', title: 'Lap', cell: (lap: number) => String(lap), numeric: true }]}
              items={[1, 2]}
              keyOf={String}
            />
          </Card>
        </ThemeProvider>
      </View>,
    ),
  );
  return () => act(() => root.unmount());
}

const mirrored = () =>
  [...document.querySelectorAll('svg')].map((icon) => /scaleX\(-1\)/.test(icon.style.transform));
const styleOf = (selector: string) => {
  const found = document.querySelector(selector);
  if (found === null) throw new Error(`no ${selector}`);
  return getComputedStyle(found);
};

test.each<[Direction, boolean[], string, string]>([
  ['ltr', [false, false, false], 'right', 'marginRight'],
  ['rtl', [true, true, false], 'left', 'marginLeft'],
])('in %s icons that point and ends lie where they belong', async (direction, icons, end, flushed) => {
  const leave = await show(direction);
  expect(mirrored()).toEqual(icons);
  expect(styleOf('[data-testid=figure]').textAlign).toBe(end);
  expect(parseFloat(styleOf('[role=button]')[flushed as 'marginLeft'])).toBeLessThan(0);
  leave();
});

test.each<[Direction, string, number]>([
  ['ltr', 'ArrowRight', 4],
  ['ltr', 'ArrowLeft', 2],
  ['rtl', 'ArrowRight', 2],
  ['rtl', 'ArrowLeft', 4],
  ['rtl', 'ArrowUp', 4],
])('in %s %s moves a slider to where it points', async (direction, key, expected) => {
  const moved = jest.fn();
  const leave = await show(direction, moved);
  const slider = document.querySelector('[role=slider]');
  await act(async () => {
    slider?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  });
  expect(moved).toHaveBeenCalledWith(expected);
  leave();
});
