/** @jest-environment node */
const { RuleTester } = require('eslint');

const noRawDesignValues = require('./no-raw-design-values');
const noSidedStyles = require('./no-sided-styles');
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

tester.run('no-sided-styles', noSidedStyles, {
  valid: [
    'const style = { marginStart: 4, paddingEnd: 4, borderEndWidth: 1, start: 0, end: 0, textAlign: "center" };',
    'const style = { left: 0 }.left;',
    'const words = { left: t("fault.left"), right: t("fault.right") };',
    'const x = <Text align="end" />;',
  ],
  invalid: [
    { code: 'const style = { marginLeft: space.s };', errors: [{ messageId: 'sided' }] },
    {
      code: 'const x = <View style={{ paddingRight: 1, borderLeftWidth: 1, borderTopLeftRadius: 2 }} />;',
      errors: [{ messageId: 'sided' }, { messageId: 'sided' }, { messageId: 'sided' }],
    },
    { code: 'const x = <View style={{ left: 0 }} />;', errors: [{ messageId: 'sided' }] },
    { code: 'const badge = { position: "absolute", top: 0, right: 0 };', errors: [{ messageId: 'sided' }] },
    { code: 'const labelStyle = { right: 0 };', errors: [{ messageId: 'sided' }] },
    { code: 'const style = { textAlign: "left" };', errors: [{ messageId: 'sided' }] },
    { code: 'style.marginRight = 4;', errors: [{ messageId: 'sided' }] },
    { code: 'const x = <Text align="right" />;', errors: [{ messageId: 'sided' }] },
  ],
});
