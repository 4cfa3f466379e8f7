const expo = require('eslint-config-expo/flat');

const noRawDesignValues = require('./eslint-rules/no-raw-design-values');
const noSidedStyles = require('./eslint-rules/no-sided-styles');
const noUntranslatedText = require('./eslint-rules/no-untranslated-text');

const topform = {
  rules: {
    'no-raw-design-values': noRawDesignValues,
    'no-sided-styles': noSidedStyles,
    'no-untranslated-text': noUntranslatedText,
  },
};

module.exports = [
  ...expo,
  {
    ignores: [
      'dist/**',
      'dist-native/**',
      '.expo/**',
      'android/**',
      'ios/**',
      'public/**',
      'src/api/schema.ts',
    ],
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      // The build lays the models beside the source.
      'import/no-unresolved': ['error', { ignore: ['\\.tflite$'] }],
    },
  },
  {
    files: ['src/features/**/*.tsx', 'src/routes/**/*.tsx', 'src/design/components/**/*.tsx'],
    ignores: ['**/*.test.tsx'],
    plugins: { topform },
    rules: { 'topform/no-raw-design-values': 'error', 'topform/no-untranslated-text': 'error' },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: [
      '**/*.test.{ts,tsx}',
      // Axes, maps, the time of a video and a drawn picture run from left to right in every language.
      'src/design/charts/**',
      'src/lib/tiles.ts',
      'src/features/formChecks/TimeSlider.tsx',
      'src/features/formChecks/bodyTrack.ts',
      'src/features/community/card/**',
      // Arms and pictures have a left and a right, and no layout.
      'src/live/**',
    ],
    plugins: { topform },
    rules: { 'topform/no-sided-styles': 'error' },
  },
  {
    files: ['src/design/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@/features/*', '@/api/client', '@/api/queries'],
              message: 'The design system knows no feature.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.test.{js,ts,tsx}', 'eslint-rules/**'],
    languageOptions: {
      globals: {
        describe: true,
        test: true,
        it: true,
        expect: true,
        jest: true,
        beforeEach: true,
        afterEach: true,
      },
    },
  },
];
