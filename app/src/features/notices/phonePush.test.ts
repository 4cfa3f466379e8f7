const { leavePush, readPushState, subscribe } = jest.requireActual<typeof import('./push')>('./push.ts');

const OFFER = { publicKey: 'key', tellsPhones: true };
let mockAnswer = { granted: false, canAskAgain: true };
let mockAfter = { granted: true, canAskAgain: true };
let mockProject: string | undefined = 'a-project';
const mockLog: string[] = [];

jest.mock('expo-constants', () => ({
  __esModule: true,
  default: {
    get expoConfig() {
      return { extra: { eas: { projectId: mockProject } } };
    },
  },
}));
jest.mock('expo-notifications', () => ({
  AndroidImportance: { DEFAULT: 3 },
  IosAuthorizationStatus: { PROVISIONAL: 3 },
  getPermissionsAsync: async () => mockAnswer,
  requestPermissionsAsync: async () => {
    mockLog.push('asked');
    return mockAfter;
  },
  setNotificationChannelAsync: async (id: string, { name }: { name: string }) =>
    void mockLog.push(`${id} ${name}`),
  getExpoPushTokenAsync: async ({ projectId }: { projectId: string }) => ({ data: `token of ${projectId}` }),
  dismissAllNotificationsAsync: async () => undefined,
  unregisterForNotificationsAsync: async () => Promise.reject(new Error('no network')),
}));

beforeEach(() => {
  mockLog.length = 0;
  mockProject = 'a-project';
  mockAnswer = { granted: false, canAskAgain: true };
  mockAfter = { granted: true, canAskAgain: true };
});

it('is offered only by a server that sends to phones, in an app that was built for it', async () => {
  expect(await readPushState(OFFER)).toBe('off');
  expect(await readPushState({ ...OFFER, tellsPhones: false })).toBe('not_offered');
  mockProject = undefined;
  expect(await readPushState(OFFER)).toBe('not_offered');
  expect(await subscribe(OFFER, 'Notices')).toBeNull();
  expect(mockLog).toEqual([]);
});

it('says what the phone said', async () => {
  mockAnswer = { granted: false, canAskAgain: false };
  expect(await readPushState(OFFER)).toBe('blocked');
  mockAnswer = { granted: true, canAskAgain: true };
  expect(await readPushState(OFFER)).toBe('on');
});

it('asks once, and gives the token only after a yes', async () => {
  expect(await subscribe(OFFER, 'Notices')).toEqual({ phone: 'token of a-project' });
  expect(mockLog.filter((one) => one === 'asked')).toHaveLength(1);
  mockAfter = { granted: false, canAskAgain: false };
  expect(await subscribe(OFFER, 'Notices')).toBeNull();
});

it('signs out without a network', async () => {
  await expect(leavePush()).resolves.toBeUndefined();
});
