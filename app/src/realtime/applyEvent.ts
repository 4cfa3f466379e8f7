/** What an event does to what the app already holds: the same as fetching afresh would. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';

import { keys } from '@/api/queries';
import type { ActivityPage, FormCheckPage, Job, JobPage } from '@/api/types';

import type { ServerEvent } from './eventStream';

/** Puts the job in its place: newest first, and never an older state over a newer one. */
export function withJob(page: JobPage, job: Job): JobPage {
  const known = page.items.find((item) => item.id === job.id);
  if (known && known.updated_at > job.updated_at) return page;
  const others = page.items.filter((item) => item.id !== job.id);
  const items = [...others, job].sort((a, b) => b.created_at.localeCompare(a.created_at));
  return { ...page, items };
}

type WithIds = { items: readonly { id: string }[] };

/** Takes one entry out of the pages that hold it. */
export function withoutEntry<Page extends WithIds>(
  pages: InfiniteData<Page, string | null>,
  id: string,
): InfiniteData<Page, string | null> {
  return {
    ...pages,
    pages: pages.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) })),
  };
}

function idOf(data: unknown): string | null {
  if (typeof data !== 'object' || data === null) return null;
  const { id } = data as { id?: unknown };
  return typeof id === 'string' ? id : null;
}

function isPaged<Page>(value: unknown): value is InfiniteData<Page, string | null> {
  return typeof value === 'object' && value !== null && 'pages' in value;
}

function dropEntry<Page extends WithIds>(client: QueryClient, key: readonly string[], id: string): void {
  client.setQueriesData({ queryKey: key }, (held: unknown) =>
    isPaged<Page>(held) ? withoutEntry(held, id) : held,
  );
}

export function applyEvent(client: QueryClient, event: ServerEvent): void {
  const id = idOf(event.data);
  switch (event.type) {
    case 'job.updated': {
      const job = event.data as Job;
      const held = client.getQueryData<JobPage>(keys.jobs);
      if (held === undefined) void client.invalidateQueries({ queryKey: keys.jobs });
      else client.setQueryData(keys.jobs, withJob(held, job));
      return;
    }
    case 'activity.created':
    case 'activity.updated':
      if (id !== null) void client.invalidateQueries({ queryKey: keys.activity(id) });
      void client.invalidateQueries({ queryKey: keys.activities });
      return;
    case 'activities.imported':
    case 'activities.recomputed':
      void client.invalidateQueries({ queryKey: keys.anyActivity });
      void client.invalidateQueries({ queryKey: keys.activities });
      return;
    case 'activity.deleted':
      void client.invalidateQueries({ queryKey: keys.segments });
      if (id !== null) {
        dropEntry<ActivityPage>(client, keys.activities, id);
        client.removeQueries({ queryKey: keys.activity(id) });
      }
      void client.invalidateQueries({ queryKey: keys.activities });
      return;
    case 'form_check.created':
      void client.invalidateQueries({ queryKey: keys.formChecks });
      return;
    case 'form_check.deleted':
      if (id !== null) {
        dropEntry<FormCheckPage>(client, keys.formChecks, id);
        client.removeQueries({ queryKey: keys.formCheck(id) });
      }
      void client.invalidateQueries({ queryKey: keys.formChecks });
      return;
    case 'plan.proposed':
    case 'plan.proposal_decided':
      void client.invalidateQueries({ queryKey: keys.plan });
      void client.invalidateQueries({ queryKey: keys.notices });
      return;
    case 'plan.created':
      void client.invalidateQueries({ queryKey: keys.plan });
      void client.invalidateQueries({ queryKey: keys.notices });
      void client.invalidateQueries({ queryKey: keys.fitness });
      return;
    case 'connection.updated':
    case 'connection.deleted':
      void client.invalidateQueries({ queryKey: keys.connections });
      void client.invalidateQueries({ queryKey: keys.notices });
      return;
    case 'coaching.changed':
      void client.invalidateQueries({ queryKey: keys.coaching });
      void client.invalidateQueries({ queryKey: keys.rooms });
      return;
    case 'athlete.updated':
      void client.invalidateQueries({ queryKey: keys.me });
      void client.invalidateQueries({ queryKey: keys.thresholds });
      return;
    case 'fitness.changed':
      void client.invalidateQueries({ queryKey: keys.thresholds });
      void client.invalidateQueries({ queryKey: keys.fitness });
      void client.invalidateQueries({ queryKey: keys.predictions });
      void client.invalidateQueries({ queryKey: keys.readiness });
      return;
    case 'readiness.changed':
      void client.invalidateQueries({ queryKey: keys.readiness });
      void client.invalidateQueries({ queryKey: keys.plan });
      return;
    case 'wellness.changed':
      void client.invalidateQueries({ queryKey: keys.wellness });
      void client.invalidateQueries({ queryKey: keys.readiness });
      return;
    case 'community.rooms_changed':
      void client.invalidateQueries({ queryKey: keys.rooms });
      return;
    case 'community.relations_changed':
    case 'community.post_changed':
    case 'community.post_deleted':
    case 'community.challenge_changed':
    case 'community.challenge_deleted':
    case 'community.removal_changed':
    case 'community.club_changed':
    case 'community.club_deleted':
      // What was taken back or hidden is told of no more.
      void client.invalidateQueries({ queryKey: keys.community });
      void client.invalidateQueries({ queryKey: keys.notices });
      return;
    case 'notices.changed':
      void client.invalidateQueries({ queryKey: keys.notices });
      return;
    case 'segments.changed':
      void client.invalidateQueries({ queryKey: keys.segments });
      return;
    case 'account.erasure_changed':
      void client.invalidateQueries({ queryKey: keys.erasure });
      return;
    case 'account.restored':
    case 'resync':
      void client.invalidateQueries();
      return;
    default:
  }
}
