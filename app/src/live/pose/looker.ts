/** Looks at pictures one after the other: the same in the browser's worker and on phones, whatever runs the models. */
import { PersonDetector } from './detector';
import { FormModel, type StepGraph } from './formModel';
import type { Graph } from './graph';
import { interestInPushUps } from './interest';
import { LandmarkModel } from './landmarks';
import type { Seen } from './messages';
import type { Pixels } from './sampling';
import { PoseTracker } from './tracker';

export type Graphs = { detector: Graph; landmarks: Graph; step: StepGraph };

export class Looker {
  private readonly detector: PersonDetector;
  private readonly landmarks: LandmarkModel;
  private tracker: PoseTracker;
  private form: FormModel;

  constructor(private readonly graphs: Graphs) {
    this.detector = new PersonDetector(graphs.detector);
    this.landmarks = new LandmarkModel(graphs.landmarks);
    this.tracker = this.newTracker();
    this.form = new FormModel(graphs.step);
  }

  /** Start a new recording: nobody is followed, the form model remembers nothing. */
  restart(): void {
    this.tracker = this.newTracker();
    this.form = new FormModel(this.graphs.step);
  }

  /** What a picture shows that was taken at `tS`; `startedMs` is when the work on it began. */
  async look(pixels: Pixels, tS: number, startedMs = performance.now()): Promise<Seen> {
    const body = await this.tracker.track(pixels, tS);
    const said = await this.form.step(body, tS);
    return {
      kind: 'seen',
      tS,
      widthPx: pixels.widthPx,
      heightPx: pixels.heightPx,
      xy: body?.xyPx ?? null,
      score: body?.visibility ?? null,
      worldM: body?.worldM ?? null,
      form: said,
      tookMs: performance.now() - startedMs,
    };
  }

  private newTracker(): PoseTracker {
    return new PoseTracker(this.detector, this.landmarks, interestInPushUps);
  }
}
