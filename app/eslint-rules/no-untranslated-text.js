/** What people read comes from the language files: no words between tags, none in the props that are shown or read out. */
const SHOWN_PROP =
  /^(label|title|caption|hint|placeholder|subtitle|aria-label|accessibilityLabel|alt|note|message)$/;
const HAS_WORD = /\p{L}{2,}/u;
/** Names that are the same in every language. */
const NAMES = new Set(['TopForm', 'YYYY-MM-DD']);

module.exports = {
  meta: {
    type: 'problem',
    docs: { description: 'texts live in the language files' },
    messages: { text: 'Text "{{text}}": put it into the language files and use t().' },
    schema: [],
  },
  create(context) {
    const report = (node, text) => {
      const trimmed = text.trim();
      if (HAS_WORD.test(trimmed) && !NAMES.has(trimmed))
        context.report({ node, messageId: 'text', data: { text: trimmed } });
    };
    return {
      JSXText(node) {
        report(node, node.value);
      },
      JSXAttribute(node) {
        if (node.value?.type !== 'Literal' || typeof node.value.value !== 'string') return;
        if (SHOWN_PROP.test(String(node.name.name))) report(node, node.value.value);
      },
    };
  },
};
