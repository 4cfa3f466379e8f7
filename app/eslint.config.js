const expo = require('eslint-config-expo/flat');

const noRawDesignValues = require('./eslint-rules/no-raw-design-values');
const noUntranslatedText = require('./eslint-rules/no-untranslated-text');

const topform = {
  rules: { 'no-raw-design-values': noRawDesignValues, 'no-untranslated-text': noUntranslatedText },
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
