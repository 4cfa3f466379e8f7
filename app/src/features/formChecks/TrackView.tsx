import { useQuery } from '@tanstack/react-query';

import { QueryState } from '@/features/shell/QueryState';

import { BodyDrawing } from './BodyDrawing';
import { boundsOf, pointsAt } from './bodyTrack';
import { trackQuery } from './formQueries';

/** The moving skeleton at one moment, where there is no video. */
export function TrackView({ id, time_s, label }: { id: string; time_s: number; label: string }) {
  const track = useQuery(trackQuery(id));
  return (
    <QueryState query={track} skeleton={{ count: 1, height: 200 }}>
      {(moving) => (
        <BodyDrawing
          label={label}
          bones={moving.bones}
          bounds={boundsOf([moving.xy])}
          bodies={[{ points: pointsAt(moving, time_s), tone: 'accent' }]}
        />
      )}
    </QueryState>
  );
}
