/** What the screens of rooms ask; under the key of the community, so that its events refresh them. */
import { queryOptions } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { keys } from '@/api/queries';
import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type OpenRoom = Schemas['OpenRoom'];
export type Room = Schemas['Room'];
export type RoomPerson = Schemas['RoomPerson'];
export type NewRoom = Schemas['NewRoom'];
export type RoomAudience = NewRoom['audience'];
export type Shared = RoomPerson['shares'][number];

/** Version of the words in which it is asked what to show. */
export const TEXT_VERSION = '1';
export const SHARED: readonly Shared[] = ['count', 'elapsed', 'heart_rate', 'zone', 'speed', 'power'];
/** What is ticked at first; nothing of the body is. */
export const SUGGESTED: readonly Shared[] = ['count', 'elapsed'];
/** The same where no repetitions are counted. */
export const SUGGESTED_UNCOUNTED: readonly Shared[] = ['elapsed'];

const LINK_MINUTES = 120;

const at = (id: string) => ({ params: { path: { room_id: id } } });

export const roomsQuery = () =>
  queryOptions({ queryKey: keys.rooms, queryFn: () => answer(api().GET('/api/v1/community/rooms')) });

export const roomQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.rooms, 'one', id],
    queryFn: () => answer(api().GET('/api/v1/community/rooms/{room_id}', at(id))),
  });

export const doorQuery = (id: string, code: string) =>
  queryOptions({
    queryKey: [...keys.rooms, 'door', id, code],
    queryFn: () =>
      answer(api().POST('/api/v1/community/rooms/{room_id}/door', { ...at(id), body: { code } })),
    gcTime: 0,
  });

export const openRoom = (body: NewRoom) => answer(api().POST('/api/v1/community/rooms', { body }));

export const enterRoom = (id: string, shares: readonly Shared[], code: string | null = null) =>
  answer(
    api().PUT('/api/v1/community/rooms/{room_id}/presence', {
      ...at(id),
      body: { shares: [...shares], text_version: TEXT_VERSION, ...(code === null ? {} : { code }) },
    }),
  );

export const leaveRoom = (id: string) =>
  answer(api().DELETE('/api/v1/community/rooms/{room_id}/presence', at(id)));

export const closeRoom = (id: string) => answer(api().DELETE('/api/v1/community/rooms/{room_id}', at(id)));

export const makeLink = (id: string) =>
  answer(api().PUT('/api/v1/community/rooms/{room_id}/link', { ...at(id), body: { minutes: LINK_MINUTES } }));

export const putOut = (id: string, handle: string) =>
  answer(
    api().DELETE('/api/v1/community/rooms/{room_id}/people/{handle}', {
      params: { path: { room_id: id, handle } },
    }),
  );

export const cheer = (id: string, to: string | null) =>
  answer(api().POST('/api/v1/community/rooms/{room_id}/cheers', { ...at(id), body: { to } }));

export const sayState = (id: string, body: Schemas['NewState']) =>
  answer(api().PUT('/api/v1/community/rooms/{room_id}/state', { ...at(id), body }));
