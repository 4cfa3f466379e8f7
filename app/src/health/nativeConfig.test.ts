import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

type Named = { $: Record<string, string> };
type Written = {
  _internal: {
    modResults: {
      ios: { entitlements: Record<string, unknown>; infoPlist: Record<string, unknown> };
      android: {
        manifest: {
          manifest: {
            'uses-permission': Named[];
            application: [{ 'activity-alias': Named[]; 'meta-data': Named[] }];
          };
        };
        gradleProperties: { key?: string; value?: string }[];
      };
    };
  };
};

const APP = join(__dirname, '../..');

/** What `expo prebuild` writes into the native projects, without writing it. */
function written(): Written['_internal']['modResults'] {
  const text = execFileSync(
    process.execPath,
    [join(APP, 'node_modules/expo/bin/cli'), 'config', '--type', 'introspect', '--json'],
    {
      cwd: APP,
      encoding: 'utf8',
      env: { ...process.env, EXPO_NO_TELEMETRY: '1', EXPO_OFFLINE: '1', CI: '1' },
    },
  );
  return (JSON.parse(text.slice(text.indexOf('{'))) as Written)._internal.modResults;
}

it('asks for what the app reads of health, for messages, and for nothing to write', () => {
  const { ios, android } = written();
  expect(ios.entitlements).toMatchObject({
    'com.apple.developer.healthkit': true,
    'aps-environment': 'production',
  });
  expect(ios.entitlements).not.toHaveProperty('com.apple.developer.healthkit.background-delivery');
  expect(ios.infoPlist.NSHealthShareUsageDescription).toContain('that you choose');
  expect(ios.infoPlist).not.toHaveProperty('NSHealthUpdateUsageDescription');

  const { manifest } = android.manifest;
  const permissions = manifest['uses-permission'].map(({ $ }) => $['android:name'] ?? '');
  expect(permissions.filter((name) => name.includes('.health.')).sort()).toEqual(
    [
      'EXERCISE',
      'EXERCISE_ROUTES',
      'HEART_RATE',
      'HEART_RATE_VARIABILITY',
      'RESTING_HEART_RATE',
      'SLEEP',
      'WEIGHT',
    ].map((kind) => `android.permission.health.READ_${kind}`),
  );
  const [application] = manifest.application;
  const rationale = application['activity-alias'].map(({ $ }) => $['android:permission']);
  expect(rationale).toContain('android.permission.START_VIEW_PERMISSION_USAGE');
  const channel = application['meta-data'].find(
    ({ $ }) => $['android:name'] === 'com.google.firebase.messaging.default_notification_channel_id',
  );
  expect(channel?.$['android:value']).toBe('notices');
  expect(android.gradleProperties).toContainEqual(
    expect.objectContaining({ key: 'android.minSdkVersion', value: '26' }),
  );
}, 60_000);
