import AsyncStorage from '@react-native-async-storage/async-storage';

import { ALL_FEEDBACK, keepFeedback, keptFeedback } from './feedback';

beforeEach(() => AsyncStorage.clear());

test('each athlete is told by the ways last chosen on this device, and by all before that', async () => {
  await keepFeedback('me', { voice: false, tones: true, haptics: false });
  expect(await keptFeedback('me')).toEqual({ voice: false, tones: true, haptics: false });
  expect(await keptFeedback('you')).toEqual(ALL_FEEDBACK);
});

test('a way that was not known when it was kept is on', async () => {
  await AsyncStorage.setItem('topform.live.feedback.me', '{"voice":false}');
  expect(await keptFeedback('me')).toEqual({ voice: false, tones: true, haptics: true });
});
