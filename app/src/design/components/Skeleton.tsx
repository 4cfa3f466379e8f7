import { useEffect, useState } from 'react';
import { Animated, type DimensionValue, View } from 'react-native';

import { webProps } from '../interaction';
import { Box } from '../primitives';
import { useReducedMotion } from '../reducedMotion';
import { useTheme } from '../theme';
import { motion, radius } from '../tokens';

const PULSE_LOW = 0.45;

/** The shape of what is about to come. */
export function Skeleton({ height, width = '100%' }: { height: number; width?: DimensionValue }) {
  const { color } = useTheme();
  const reduced = useReducedMotion();
  const [opacity] = useState(() => new Animated.Value(1));
  useEffect(() => {
    if (reduced) return undefined;
    const pulse = Animated.loop(
      Animated.sequence([
        Animated.timing(opacity, { toValue: PULSE_LOW, duration: motion.slow * 2, useNativeDriver: false }),
        Animated.timing(opacity, { toValue: 1, duration: motion.slow * 2, useNativeDriver: false }),
      ]),
    );
    pulse.start();
    return () => pulse.stop();
  }, [opacity, reduced]);
  return (
    <View {...webProps({ 'aria-hidden': true })} style={{ width }}>
      <Animated.View style={{ height, borderRadius: radius.m, backgroundColor: color.border, opacity }} />
    </View>
  );
}

/** Stands for a list of cards while it loads; announced once as busy. */
export function SkeletonList({ label, count, height }: { label: string; count: number; height: number }) {
  return (
    <Box gap="m" role="status" aria-busy aria-label={label}>
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} height={height} />
      ))}
    </Box>
  );
}
