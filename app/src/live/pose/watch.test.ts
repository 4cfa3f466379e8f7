/** A camera whose pictures cannot always be taken or read, and a worker or a network that fail. */
import { LivePose, UnfetchedError, WorkerLostError } from './livePose';
import type { FromWorker, Ready, Seen, ToWorker } from './messages';
import { BLIND_S, BlindError } from './patience';
import { PAUSES_MS, triedAgain } from './tries';
import { SILENT_S, watch } from './watch';

const FRAME_S = 1 / 30;

const seenAt = (tS: number): Seen => ({
  kind: 'seen',
  tS,
  widthPx: 640,
  heightPx: 480,
  xy: null,
  score: null,
  worldM: null,
  form: null,
  tookMs: 1,
});

/** A playing video that shows its next picture when it is told to. */
class FakeVideo {
  isCancelled = false;
  private callback: VideoFrameRequestCallback | null = null;

  requestVideoFrameCallback(callback: VideoFrameRequestCallback): number {
    this.callback = callback;
    return 1;
  }

  cancelVideoFrameCallback(): void {
    this.isCancelled = true;
  }

  async show(tS: number): Promise<void> {
    this.callback?.(1000 * tS, { captureTime: 1000 * tS } as VideoFrameCallbackMetadata);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
}

let hasPicture = true;

class FakeFrame {
  constructor() {
    if (!hasPicture) throw new DOMException('The video has no picture', 'InvalidStateError');
  }
}

function watched(look: (tS: number) => Promise<Seen>) {
  const video = new FakeVideo();
  const told = { seen: [] as number[], passedOver: [] as number[], lost: [] as unknown[] };
  const pose = { look: (_: unknown, tS: number) => look(tS) };
  watch(video as unknown as HTMLVideoElement, pose, {
    onSeen: ({ tS }) => void told.seen.push(tS),
    onPassedOver: (tS) => void told.passedOver.push(tS),
    onLost: (error) => void told.lost.push(error),
  });
  return { video, told };
}

beforeEach(() => {
  hasPicture = true;
  Object.assign(globalThis, { VideoFrame: FakeFrame });
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'VideoFrame');
});

describe('a picture that cannot be taken or read', () => {
  it('is passed over, and the set goes on', async () => {
    const { video, told } = watched((tS) =>
      tS === 3 ? Promise.reject(new Error('memory access out of bounds')) : Promise.resolve(seenAt(tS)),
    );
    await video.show(1);
    hasPicture = false;
    await video.show(2);
    hasPicture = true;
    await video.show(3);
    await video.show(4);
    expect(told).toEqual({ seen: [1, 4], passedOver: [2, 3], lost: [] });
  });

  it('ends the set when there was none else for seconds, with the reason of the last one', async () => {
    const { video, told } = watched((tS) => Promise.resolve(seenAt(tS)));
    await video.show(0);
    hasPicture = false;
    let shown = 0;
    while (told.lost.length === 0 && shown < 1000) {
      shown += 1;
      await video.show(shown * FRAME_S);
    }
    expect(shown * FRAME_S - FRAME_S).toBeCloseTo(BLIND_S, 6);
    expect(told.passedOver.length).toBe(shown);
    const [error] = told.lost;
    expect(error).toBeInstanceOf(BlindError);
    expect((error as BlindError).cause).toMatchObject({ name: 'InvalidStateError' });
    expect(video.isCancelled).toBe(true);
    await video.show(100);
    expect(told.lost.length).toBe(1);
  });

  it('does not end it while good ones come in between', async () => {
    const { video, told } = watched((tS) => Promise.resolve(seenAt(tS)));
    for (let index = 1; index <= 300; index++) {
      hasPicture = index % 30 === 0;
      await video.show(index * FRAME_S);
    }
    expect([told.seen.length, told.passedOver.length, told.lost.length]).toEqual([10, 290, 0]);
  });

  it('is one, too, where what was seen cannot be used', async () => {
    const video = new FakeVideo();
    const lost: unknown[] = [];
    watch(
      video as unknown as HTMLVideoElement,
      { look: (_, tS) => Promise.resolve(seenAt(tS)) },
      {
        onSeen: () => {
          throw new RangeError('no such joint');
        },
        onPassedOver: () => undefined,
        onLost: (error) => void lost.push(error),
      },
    );
    for (let second = 0; second <= BLIND_S; second++) await video.show(second);
    expect(lost).toHaveLength(1);
  });
});

describe('a worker that breaks down', () => {
  it('ends the set at once', async () => {
    const { video, told } = watched(() => Promise.reject(new WorkerLostError('out of memory')));
    await video.show(1);
    expect(told.lost).toEqual([expect.any(WorkerLostError)]);
  });

  it('ends it, too, where it just falls silent', async () => {
    const { video, told } = watched(() => new Promise(() => undefined));
    await video.show(1);
    await video.show(1 + SILENT_S);
    expect(told.lost).toEqual([]);
    await video.show(1 + SILENT_S + FRAME_S);
    expect(told.lost).toEqual([expect.any(WorkerLostError)]);
    expect(told.passedOver).toEqual([1 + SILENT_S, 1 + SILENT_S + FRAME_S]);
  });
});

describe('what needs the network', () => {
  const never = () => Promise.reject(new UnfetchedError('net::ERR_INTERNET_DISCONNECTED'));

  it('is tried again after growing pauses, and then fails with its error', async () => {
    const pauses: number[] = [];
    let tries = 0;
    const tried = triedAgain(
      () => {
        tries += 1;
        return never();
      },
      (error) => error instanceof UnfetchedError,
      async (ms) => void pauses.push(ms),
    );
    await expect(tried).rejects.toThrow('net::ERR_INTERNET_DISCONNECTED');
    expect(tries).toBe(4);
    expect(pauses).toEqual(PAUSES_MS);
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
  });

  it('is not tried again where that cannot help', async () => {
    let tries = 0;
    const tried = triedAgain(
      () => {
        tries += 1;
        return Promise.reject(new Error('broken model'));
      },
      (error) => error instanceof UnfetchedError,
      async () => undefined,
    );
    await expect(tried).rejects.toThrow('broken model');
    expect(tries).toBe(1);
  });
});

/** What a worker answers to the questions put to it, those of all workers in turn. */
type Behaviour = (question: ToWorker, worker: FakeWorker) => void;

class FakeWorker {
  static made: FakeWorker[] = [];
  static behaviour: Behaviour = () => undefined;
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  onerror: ((event: { message?: string }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  isTerminated = false;
  asked: ToWorker[] = [];

  constructor() {
    FakeWorker.made.push(this);
  }

  postMessage(question: ToWorker): void {
    this.asked.push(question);
    setTimeout(() => FakeWorker.behaviour(question, this), 0);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  say(data: FromWorker): void {
    this.onmessage?.({ data });
  }
}

const READY: Ready = { kind: 'ready', processor: 'wasm', threads: 1, formModel: null, failed: [] };

describe('the pose', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    FakeWorker.made = [];
    Object.assign(globalThis, { Worker: FakeWorker });
  });
  afterEach(() => {
    jest.useRealTimers();
    Reflect.deleteProperty(globalThis, 'Worker');
  });

  it('is there after its script and then a model did not come at first', async () => {
    FakeWorker.behaviour = (_, worker) => {
      const count = FakeWorker.made.length;
      if (count === 1) worker.onerror?.({});
      else if (count === 2) worker.say({ kind: 'failed', message: 'no network', isUnfetched: true });
      else worker.say(READY);
    };
    const opened = LivePose.open();
    await jest.advanceTimersByTimeAsync(PAUSES_MS[0]! + PAUSES_MS[1]! + 10);
    expect((await opened).ready).toEqual(READY);
    expect(FakeWorker.made.map(({ isTerminated }) => isTerminated)).toEqual([true, true, false]);
  });

  it('is asked for once where a model is broken', async () => {
    FakeWorker.behaviour = (_, worker) =>
      worker.say({ kind: 'failed', message: 'no such operator', isUnfetched: false });
    const opened = expect(LivePose.open()).rejects.toThrow('no such operator');
    await jest.runAllTimersAsync();
    await opened;
    expect(FakeWorker.made).toHaveLength(1);
  });

  it('answers each picture with its own, also when the last one was given up', async () => {
    FakeWorker.behaviour = (question, worker) =>
      worker.say(question.kind === 'look' ? seenAt(question.tS) : READY);
    const opened = LivePose.open();
    await jest.runAllTimersAsync();
    const pose = await opened;
    const picture = {} as ImageBitmap;
    const both = Promise.all([pose.look(picture, 1), pose.look(picture, 2)]);
    await jest.runAllTimersAsync();
    expect((await both).map(({ tS }) => tS)).toEqual([1, 2]);
  });

  it('says so when the worker breaks down over a picture', async () => {
    FakeWorker.behaviour = (question, worker) =>
      question.kind === 'look' ? worker.onerror?.({ message: 'out of memory' }) : worker.say(READY);
    const opened = LivePose.open();
    await jest.runAllTimersAsync();
    const looked = expect((await opened).look({} as ImageBitmap, 1)).rejects.toBeInstanceOf(WorkerLostError);
    await jest.runAllTimersAsync();
    await looked;
  });
});
