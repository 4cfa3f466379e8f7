/** Maps below routes: offered by the operator, and off until somebody turns them on for a device. */
import AsyncStorage from '@react-native-async-storage/async-storage';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';

import { answer, api } from '@/api/client';
import { keys, meQuery } from '@/api/queries';
import type { components } from '@/api/schema';
import type { TileSource } from '@/lib/tiles';

type MapTiles = components['schemas']['MapTiles'];

const ON = 'on';
const storageKey = (owner: string): string => `topform.map-tiles.${owner}`;

const offerQuery = () =>
  queryOptions({
    queryKey: keys.mapTiles,
    queryFn: async (): Promise<MapTiles | null> =>
      (await answer(api().GET('/api/v1/athletes/me/map-tiles'))).tiles,
    staleTime: Infinity,
  });

const choiceQuery = (owner: string | undefined) =>
  queryOptions({
    queryKey: [...keys.mapTiles, 'wanted', owner],
    queryFn: async (): Promise<boolean> =>
      owner !== undefined && (await AsyncStorage.getItem(storageKey(owner))) === ON,
    networkMode: 'always',
    staleTime: Infinity,
  });

const useOwnerId = (): string | undefined => useQuery({ ...meQuery(), enabled: false }).data?.id;

/** Whether the athlete wants maps on this device, and a way to say so. */
export function useMapChoice(): [boolean, (wanted: boolean) => void] {
  const client = useQueryClient();
  const owner = useOwnerId();
  const { data: isWanted = false } = useQuery(choiceQuery(owner));
  const choose = (wanted: boolean) => {
    if (owner === undefined) return;
    client.setQueryData(choiceQuery(owner).queryKey, wanted);
    void (wanted ? AsyncStorage.setItem(storageKey(owner), ON) : AsyncStorage.removeItem(storageKey(owner)));
  };
  return [isWanted, choose];
}

/** What the operator offers; null where it is nothing, or not known yet. */
export function useOfferedTiles(): MapTiles | null {
  return useQuery(offerQuery()).data ?? null;
}

/** What is drawn below routes: nothing unless it is offered and wanted. */
export function useTileSource(): TileSource | null {
  const [isWanted] = useMapChoice();
  const { data: offered } = useQuery({ ...offerQuery(), enabled: isWanted });
  return useMemo(
    () =>
      isWanted && offered
        ? { urlTemplate: offered.url_template, attribution: offered.attribution, maxZoom: offered.max_zoom }
        : null,
    [isWanted, offered],
  );
}
