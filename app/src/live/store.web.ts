/** Texts that are kept in this browser under a name. */

import AsyncStorage from '@react-native-async-storage/async-storage';

export const store = {
  get: (key: string): Promise<string | null> => AsyncStorage.getItem(key),
  set: (key: string, text: string): Promise<void> => AsyncStorage.setItem(key, text),
  remove: (key: string): Promise<void> => AsyncStorage.removeItem(key),
  keys: async (): Promise<string[]> => [...(await AsyncStorage.getAllKeys())],
};
