/**
 * Layout says start and end, which change sides in languages written from right to left; left and right do not. Charts,
 * maps and whatever lies along a time axis keep their sides: the configuration names them.
 */
const SIDED =
  /^(margin|padding)(Left|Right)$|^border(Left|Right)(Width|Color|Style)?$|^border(Top|Bottom)(Left|Right)Radius$/;
const SIDES = new Set(['left', 'right']);
const ALIGNED = new Set(['textAlign', 'float', 'clear']);
/** An object with one of these beside `left` places something on the screen. */
const PLACED = new Set(['position', 'top', 'bottom']);
const STYLE = /style$/i;

const nameOf = (property) => property.key?.name ?? property.key?.value;
const isSide = (node) => node?.type === 'Literal' && SIDES.has(node.value);

/** Whether an object is a style: by what it holds, or by where it stands. */
function isStyle(object) {
  if (object.properties.some((property) => PLACED.has(nameOf(property)))) return true;
  const { parent } = object;
  if (parent.type === 'JSXExpressionContainer') return STYLE.test(parent.parent.name?.name ?? '');
  return parent.type === 'VariableDeclarator' && STYLE.test(parent.id.name ?? '');
}

module.exports = {
  meta: {
    type: 'problem',
    docs: { description: 'layout says start and end, not left and right' },
    messages: { sided: '{{name}}: say start or end, which change sides where text runs from right to left.' },
    schema: [],
  },
  create(context) {
    const report = (node, name) => context.report({ node, messageId: 'sided', data: { name } });
    return {
      Property(node) {
        if (node.parent.type !== 'ObjectExpression') return;
        const name = nameOf(node);
        if (SIDED.test(name)) report(node, name);
        else if (ALIGNED.has(name) && isSide(node.value)) report(node, name);
        else if (SIDES.has(name) && !node.computed && isStyle(node.parent)) report(node, name);
      },
      AssignmentExpression({ left }) {
        const name = left.type === 'MemberExpression' ? left.property.name : null;
        if (name !== null && SIDED.test(name)) report(left, name);
      },
      JSXAttribute(node) {
        if (node.name.name === 'align' && isSide(node.value)) report(node, 'align');
      },
    };
  },
};
