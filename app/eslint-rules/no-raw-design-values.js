/**
 * Screens take colours, type sizes, space and radius from the design system: no colour literals anywhere, no numbers
 * for these properties in styles.
 */
const COLOR = /^(#[0-9a-f]{3,8}|(rgb|rgba|hsl|hsla|oklch|lab)\(.*\))$/i;
const NAMED = new Set(
  'black white red green blue gray grey yellow orange purple pink brown cyan magenta teal navy'.split(' '),
);
const COLOR_PROPERTY = /(color|fill|stroke|tint)$/i;
const SIZE_PROPERTY =
  /^(margin|padding)(Top|Bottom|Left|Right|Start|End|Horizontal|Vertical)?$|^(gap|rowGap|columnGap|fontSize|lineHeight|letterSpacing|fontWeight|borderRadius|border(Top|Bottom)(Left|Right)Radius|borderWidth|border(Top|Bottom|Left|Right)Width|minHeight)$/;

const isZero = (node) => node.type === 'Literal' && node.value === 0;

function rawNumber(node) {
  if (node.type === 'Literal') return typeof node.value === 'number' && !isZero(node);
  return node.type === 'UnaryExpression' && node.argument.type === 'Literal' && !isZero(node.argument);
}

module.exports = {
  meta: {
    type: 'problem',
    docs: { description: 'colours and sizes come from the design tokens' },
    messages: {
      color: 'Colour {{value}}: take it from the theme (useTheme().color).',
      size: '{{name}}: take the value from the design tokens (space, radius, type, size).',
    },
    schema: [],
  },
  create(context) {
    return {
      Literal(node) {
        if (typeof node.value !== 'string') return;
        const property =
          node.parent.type === 'Property' && node.parent.value === node ? node.parent.key.name : null;
        const attribute = node.parent.type === 'JSXAttribute' ? node.parent.name.name : null;
        const colored = [property, attribute].some(
          (name) => typeof name === 'string' && COLOR_PROPERTY.test(name),
        );
        if (COLOR.test(node.value) || (colored && NAMED.has(node.value.toLowerCase()))) {
          context.report({ node, messageId: 'color', data: { value: node.value } });
        }
      },
      Property(node) {
        const name = node.key.name ?? node.key.value;
        if (typeof name === 'string' && SIZE_PROPERTY.test(name) && rawNumber(node.value)) {
          context.report({ node: node.value, messageId: 'size', data: { name } });
        }
      },
    };
  },
};
