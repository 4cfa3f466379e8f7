import { useEffect } from 'react';
import { AppState } from 'react-native';

import { isOn, readState } from '@/health/reading';
import { healthStore } from '@/health/source';
import type { HealthStore } from '@/health/types';

import { useOwner, useReadHealth } from './useHealth';

/** Not again within this time: an app is opened often, and the store is asked for nothing new each time. */
const AGAIN_AFTER_MS = 5 * 60_000;

/** Reads what is new in the health store of the phone when the app comes to the front. */
export function HealthOnOpen() {
  const owner = useOwner();
  return healthStore === null || owner === null ? null : <Reader store={healthStore} owner={owner} />;
}

function Reader({ store, owner }: { store: HealthStore; owner: string }) {
  const { mutate } = useReadHealth(store, owner);
  useEffect(() => {
    let last = -Infinity;
    const open = async () => {
      if (Date.now() - last < AGAIN_AFTER_MS || !isOn(await readState(owner))) return;
      last = Date.now();
      mutate();
    };
    void open();
    const heard = AppState.addEventListener('change', (state) => {
      if (state === 'active') void open();
    });
    return () => heard.remove();
  }, [owner, mutate]);
  return null;
}
