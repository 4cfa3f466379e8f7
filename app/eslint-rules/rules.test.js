/** @jest-environment node */
const { RuleTester } = require('eslint');

const noRawDesignValues = require('./no-raw-design-values');
const noUntranslatedText = require('./no-untranslated-text');

const tester = new RuleTester({
  languageOptions: {
    ecmaVersion: 2024,
    sourceType: 'module',
    parserOptions: { ecmaFeatures: { jsx: true } },
  },
});

tester.run('no-raw-design-values', noRawDesignValues, {
  valid: [
    'const style = { padding: space.l, color: color.text, flex: 1, margin: 0, width: "100%" };',
    'const style = { borderColor: "transparent" };',
    'const x = <Text variant="body" />;',
    'const words = { title: "red alert" };',
  ],
  invalid: [
    { code: 'const style = { color: "#fff" };', errors: [{ messageId: 'color' }] },
    { code: 'const x = <Path fill="rgba(0, 0, 0, 0.5)" />;', errors: [{ messageId: 'color' }] },
    { code: 'const style = { backgroundColor: "white" };', errors: [{ messageId: 'color' }] },
    { code: 'const style = { paddingHorizontal: 12 };', errors: [{ messageId: 'size' }] },
    { code: 'const style = { marginTop: -4 };', errors: [{ messageId: 'size' }] },
    {
      code: 'const style = { fontSize: 15, borderRadius: 8 };',
      errors: [{ messageId: 'size' }, { messageId: 'size' }],
    },
  ],
});

tester.run('no-untranslated-text', noUntranslatedText, {
  valid: [
    'const x = <Text>{t("plan.title")}</Text>;',
    'const x = <Text> · </Text>;',
    'const x = <Text>TopForm</Text>;',
    'const x = <Button label={t("action.save")} testID="save button" />;',
  ],
  invalid: [
    { code: 'const x = <Text>Save</Text>;', errors: [{ messageId: 'text' }] },
    { code: 'const x = <Button label="Save" />;', errors: [{ messageId: 'text' }] },
    { code: 'const x = <View aria-label="Chart" />;', errors: [{ messageId: 'text' }] },
  ],
});
