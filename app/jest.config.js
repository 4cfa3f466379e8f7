/** Logic and components; the whole app runs in a real browser in tests/e2e. */
module.exports = {
  preset: 'jest-expo/web',
  // A busy machine takes its time.
  testTimeout: 60_000,
  testMatch: ['<rootDir>/src/**/*.test.{ts,tsx}', '<rootDir>/{eslint-rules,scripts}/*.test.js'],
  moduleNameMapper: { '^@/(.*)$': '<rootDir>/src/$1' },
  transformIgnorePatterns: [
    'node_modules/(?!((jest-)?react-native|@react-native(-community)?|expo(nent)?|@expo(nent)?/.*|@expo/.*|expo-.*|react-navigation|@react-navigation/.*|d3-.*|internmap|openapi-fetch|@noble/.*|standard-navigation))',
  ],
};
